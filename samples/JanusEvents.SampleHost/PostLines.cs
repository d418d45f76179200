using System.Globalization;

namespace JanusEvents.SampleHost;

/// <summary>
/// Makes a line of each POST while they come at a readable pace, and one line a second of all of them while they come
/// faster. Safe for several threads at once.
/// </summary>
internal sealed class PostLines(TimeProvider time)
{
    private const int ReadablePerSecond = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _kinds = [];
    private int _postsThisSecond;
    private int _summedPosts;
    private int _rejected;
    private bool _summing;

    /// <summary>Takes a POST.</summary>
    /// <returns>Its line, or null when it is part of the line at the end of the second.</returns>
    public string? Add(ReceivedBody body)
    {
        lock (_gate)
        {
            _postsThisSecond++;
            if (!_summing && _postsThisSecond <= ReadablePerSecond)
            {
                Dictionary<string, int> kinds = [];
                Count(kinds, body);
                return Line($"{body.RemoteAddress}: ", kinds, body.Rejected.Count);
            }

            _summedPosts++;
            _rejected += body.Rejected.Count;
            Count(_kinds, body);
            return null;
        }
    }

    /// <summary>Ends a second.</summary>
    /// <returns>The line of the POSTs that had none of their own, if there were any.</returns>
    public string? EndSecond()
    {
        lock (_gate)
        {
            _summing = _postsThisSecond > ReadablePerSecond;
            _postsThisSecond = 0;
            if (_summedPosts == 0)
                return null;

            string line = Line($"{Number(_summedPosts, "POST")}: ", _kinds, _rejected);
            _summedPosts = 0;
            _rejected = 0;
            _kinds.Clear();
            return line;
        }
    }

    private static void Count(Dictionary<string, int> kinds, ReceivedBody body)
    {
        foreach (JanusEvent e in body.Events)
        {
            string kind = Kind(e);
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }
    }

    private static string Kind(JanusEvent e) => e switch
    {
        SessionEvent => "session",
        HandleEvent => "handle",
        ExternalEvent => "external",
        JsepEvent => "JSEP",
        IceStateEvent => "ICE",
        LocalCandidateEvent or RemoteCandidateEvent => "candidate",
        SelectedPairEvent => "selected pair",
        DtlsEvent => "DTLS",
        ConnectionEvent => "connection",
        MediaStateEvent => "media",
        SlowLinkEvent => "slow link",
        MediaStatsEvent => "statistics",
        PluginEvent => "plugin",
        TransportEvent => "transport",
        CoreEvent => "core",
        _ => string.Create(CultureInfo.InvariantCulture, $"unknown (type {(int)e.Type})"),
    };

    private string Line(string what, Dictionary<string, int> kinds, int rejected)
    {
        string events = Number(kinds.Values.Sum(), "event");
        string byKind = kinds.Count == 0
            ? ""
            : $" ({string.Join(", ", kinds.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Value} {kind.Key}"))})";
        string refused = rejected == 0 ? "" : $", {Number(rejected, "piece")} rejected";
        return string.Create(CultureInfo.InvariantCulture, $"{time.GetLocalNow():HH:mm:ss} {what}{events}{byKind}{refused}");
    }

    private static string Number(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
