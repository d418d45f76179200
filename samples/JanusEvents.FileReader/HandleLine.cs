using System.Globalization;

namespace JanusEvents.FileReader;

/// <summary>The summary of one handle.</summary>
internal sealed class HandleLine
{
    private string? _plugin;
    private string? _ice;
    private string? _dtls;
    private long _slowLinks;
    private long _worstRtt;
    private long _mostLost;

    public void Record(JanusEvent e)
    {
        switch (e)
        {
            case HandleEvent { Plugin: { } plugin }:
                _plugin = plugin;
                break;
            case IceStateEvent { State: { } state }:
                _ice = state;
                break;
            case DtlsEvent { State: { } state }:
                _dtls = state;
                break;
            case SlowLinkEvent:
                _slowLinks++;
                break;
            case MediaStatsEvent statistics:
                _worstRtt = Math.Max(_worstRtt, statistics.Rtt ?? 0);
                _mostLost = Math.Max(_mostLost, statistics.Lost ?? 0);
                break;
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_plugin ?? "?"}, ICE {_ice ?? "-"}, DTLS {_dtls ?? "-"}, rtt up to {_worstRtt} ms, up to {_mostLost} lost, {_slowLinks} slow links");
}
