using System.Diagnostics.Metrics;
using JanusEvents.Observation;

namespace JanusEvents.Monitoring.State;

/// <summary>The instruments of the state of Janus servers.</summary>
internal sealed class JanusMetrics
{
    // Every medium comes each second; measuring it that often would cost more than storing is to cost.
    private const long MicrosecondsBetween = 10_000_000;

    // Janus sends some 65,535,000 when a counter wrapped.
    private const long MostMilliseconds = 60_000;

    // The reasons that Janus gives; any other is "other".
    private static readonly HashSet<string> s_reasons = new(StringComparer.Ordinal)
    {
        HangupReasons.DtlsAlert, HangupReasons.DtlsTimeout, HangupReasons.DtlsError, HangupReasons.DtlsSrtpError,
        HangupReasons.IceFailed, HangupReasons.IceGatheringError, HangupReasons.GatheringError, HangupReasons.JanusApi,
        HangupReasons.AdminApi, HangupReasons.ClosePc, HangupReasons.Detach,
    };

    private readonly Meter _meter;
    private readonly ContainedInstrument<long> _hangups;
    private readonly ContainedInstrument<long> _slowLinks;
    private readonly ContainedInstrument<double> _rtt;
    private readonly ContainedInstrument<double> _jitter;
    private readonly ContainedInstrument<double> _loss;

    public JanusMetrics(JanusEventsMeter meter, Observers observers)
    {
        Meter m = meter.Meter;
        IceFailures = observers.Contain(m.CreateCounter<long>("janus.ice.failures", "{failure}", "Failed ICE states."));
        DtlsFailures = observers.Contain(m.CreateCounter<long>("janus.dtls.failures", "{failure}", "Failed DTLS states, and hang-ups caused by a DTLS time-out or error."));
        _hangups = observers.Contain(m.CreateCounter<long>("janus.hangups", "{hangup}", "PeerConnections that ended with a hang-up."));
        _slowLinks = observers.Contain(m.CreateCounter<long>("janus.slow_links", "{event}", "Slow-link events: many packets of a medium lost within a second."));
        InstrumentAdvice<double> seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 5] };
        _rtt = observers.Contain(m.CreateHistogram("janus.rtt", "s", "Round-trip times of PeerConnections.", advice: seconds));
        _jitter = observers.Contain(m.CreateHistogram("janus.jitter", "s", "Jitter of media.", advice: seconds));
        _loss = observers.Contain(m.CreateHistogram(
            "janus.packet_loss", "1", "Share of a medium's packets lost since its previous measurement.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5] }));
        _meter = m;
    }

    public ContainedInstrument<long> IceFailures { get; }

    public ContainedInstrument<long> DtlsFailures { get; }

    /// <summary>Whether somebody listens to what is measured of media.</summary>
    public bool Measures => _rtt.Enabled || _jitter.Enabled || _loss.Enabled;

    /// <summary>Gives the instruments of what is open their source.</summary>
    public void Observe(MonitoredServers servers)
    {
        _meter.CreateObservableUpDownCounter("janus.sessions", () => Of(servers, s => s.Sessions), "{session}", "Open sessions.");
        _meter.CreateObservableUpDownCounter("janus.peer_connections", () => Of(servers, s => s.PeerConnections), "{connection}", "Established PeerConnections.");
        _meter.CreateObservableUpDownCounter("janus.handles", () => servers.Read(HandlesOf), "{handle}", "Attached handles.");
    }

    public void Hangup(string? reason, KeyValuePair<string, object?> emitter)
    {
        if (reason is HangupReasons.DtlsTimeout or HangupReasons.DtlsError or HangupReasons.DtlsSrtpError)
            DtlsFailures.Record(1, emitter);
        string told = reason is null ? Labels.Unknown : s_reasons.Contains(reason) ? reason : Labels.Other;
        _hangups.Record(1, emitter, new KeyValuePair<string, object?>(JanusLabels.HangupReason, told));
    }

    public void SlowLink(SlowLinkEvent e, KeyValuePair<string, object?> emitter)
    {
        string direction = e.SlowLink is SlowLinkDirections.Uplink or SlowLinkDirections.Downlink ? e.SlowLink : Labels.Unknown;
        _slowLinks.Record(1, emitter, Media(e.Media), new KeyValuePair<string, object?>(JanusLabels.Direction, direction));
    }

    /// <summary>Measures a medium, unless it was measured in the last ten seconds.</summary>
    public void Measure(MediaStatsEvent e, MediumLayer layer, KeyValuePair<string, object?> emitter, long nowTicks)
    {
        long at = e.Envelope.TimestampMicroseconds ?? nowTicks / TimeSpan.TicksPerMicrosecond;
        if (layer.Measured is { } before && at - before.At is >= 0 and < MicrosecondsBetween)
            return;

        bool first = layer.Measured is null;
        MeasuredLayer medium = layer.Measured ??= new MeasuredLayer();
        medium.At = at;
        KeyValuePair<string, object?> media = Media(e.Media);
        if (e.Rtt is > 0 and <= MostMilliseconds and long rtt)
            _rtt.Record(rtt / 1000.0, emitter, media);
        Measure(e.PacketsReceived, e.JitterLocal, e.Lost, medium.Received, includesLost: false, "local");
        Measure(e.PacketsSent, e.JitterRemote, e.LostByRemote, medium.Sent, includesLost: true, "remote");
        medium.Received = new MediumCount(e.PacketsReceived, e.Lost);
        medium.Sent = new MediumCount(e.PacketsSent, e.LostByRemote);

        void Measure(long? packets, long? jitter, long? lost, MediumCount earlier, bool includesLost, string side)
        {
            // A jitter of what never came is none.
            KeyValuePair<string, object?> sideTag = new(JanusLabels.Side, side);
            if (packets > 0 && jitter is >= 0 and <= MostMilliseconds)
                _jitter.Record(jitter.Value / 1000.0, emitter, media, sideTag);
            if (!first && new MediumCount(packets, lost).LossSince(earlier, includesLost) is { } loss)
                _loss.Record(loss, emitter, media, sideTag);
        }
    }

    private static List<Measurement<long>> Of(MonitoredServers servers, Func<MonitoredServer, int> count) =>
        servers.Read((server, _) => (Measurement<long>[])[new Measurement<long>(count(server), server.Tag)]);

    private static List<Measurement<long>> HandlesOf(MonitoredServer server, IReadOnlyList<string> plugins)
    {
        List<Measurement<long>> handles = [];
        for (int place = 0; place < server.HandlesOfPlugin.Length; place++)
        {
            string? plugin = place < plugins.Count ? plugins[place]
                : place == MonitoredServers.OtherPlugin ? Labels.Other
                : place == MonitoredServers.UnknownPlugin ? Labels.Unknown
                : null;
            if (plugin is not null && (place < plugins.Count || server.HandlesOfPlugin[place] > 0))
                handles.Add(new Measurement<long>(server.HandlesOfPlugin[place], server.Tag, new(JanusLabels.Plugin, plugin)));
        }

        return handles;
    }

    // A simulcast layer is video.
    private static KeyValuePair<string, object?> Media(string? media) => new(JanusLabels.Media, media switch
    {
        "audio" or "video" or "data" => media,
        "video-sim1" or "video-sim2" => "video",
        null => Labels.Unknown,
        _ => Labels.Other,
    });
}
