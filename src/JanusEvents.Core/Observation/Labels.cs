using JanusEvents.Events;

namespace JanusEvents.Observation;

/// <summary>The keys of tags, on measurements and spans, and the values that stand for others.</summary>
internal static class Labels
{
    /// <summary>A server; at most <see cref="StoredBodies.MaxEmitters"/> of them, then <see cref="Other"/>.</summary>
    public const string Emitter = "janus.emitter";

    /// <summary>The kind of an event: see <see cref="EventKind"/>.</summary>
    public const string Kind = "janus_events.event.kind";

    /// <summary>A sink, by the name that messages call it.</summary>
    public const string Sink = "janus_events.sink";

    /// <summary>Why a request got no answer.</summary>
    public const string Reason = "janus_events.reason";

    /// <summary>The status of an answer (OpenTelemetry's name).</summary>
    public const string Status = "http.response.status_code";

    /// <summary>The type of an exception (OpenTelemetry's name).</summary>
    public const string Error = "error.type";

    /// <summary>Stands for what comes after as many different values as a tag may have.</summary>
    public const string Other = "other";

    /// <summary>Stands for a missing value.</summary>
    public const string Unknown = "unknown";

    /// <summary>Numbers of events in a span.</summary>
    public const string Events = "janus_events.events";

    /// <summary>Number of bodies in a span.</summary>
    public const string Bodies = "janus_events.bodies";

    /// <summary>Number of bytes of the body in a span.</summary>
    public const string Size = "janus_events.size";

    /// <summary>Number of rejected elements in a span.</summary>
    public const string Rejected = "janus_events.rejected";
}
