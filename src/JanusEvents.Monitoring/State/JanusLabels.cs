using JanusEvents.Observation;

namespace JanusEvents.Monitoring.State;

/// <summary>The keys of the tags of the instruments <c>janus.*</c>, beside <see cref="Labels.Emitter"/>.</summary>
internal static class JanusLabels
{
    /// <summary>A plugin; at most <see cref="MonitoredServers.MaxPlugins"/> of them, then <see cref="Labels.Other"/>.</summary>
    public const string Plugin = "janus.plugin";

    /// <summary>Audio, video, data, or other.</summary>
    public const string Media = "janus.media";

    /// <summary>Uplink or downlink, as in Janus's slow-link events.</summary>
    public const string Direction = "janus.direction";

    /// <summary>The side that measured: local is Janus, remote its peer.</summary>
    public const string Side = "janus.side";

    /// <summary>One of the reasons that Janus is known to give, or other.</summary>
    public const string HangupReason = "janus.hangup.reason";
}
