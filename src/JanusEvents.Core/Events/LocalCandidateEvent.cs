using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.LocalCandidateEvent>;

namespace JanusEvents;

/// <summary>Janus gathered a candidate (type 16, subtype 2).</summary>
public sealed record LocalCandidateEvent() : JanusEvent(JanusEventType.WebRtc, 2)
{
    private string? _candidate;
    private long? _streamId;
    private long? _componentId;

    /// <summary>
    /// The candidate as SDP text (<c>local-candidate</c>), without <c>candidate:</c> before it; may be empty.
    /// </summary>
    public string? Candidate { get => _candidate; init => _candidate = value; }

    /// <summary>The stream inside the PeerConnection (<c>stream_id</c>); always 1 in Janus 1.x.</summary>
    public long? StreamId { get => _streamId; init => _streamId = value; }

    /// <summary>The ICE component (<c>component_id</c>): 1, or 0 for local candidates of Janus 1.x.</summary>
    public long? ComponentId { get => _componentId; init => _componentId = value; }

    internal static EventKind<LocalCandidateEvent> Description { get; } = new("local_candidate", () => new LocalCandidateEvent())
    {
        Table = "candidates",
        DerivedValues = [new(null, "remote", ValueForm.Boolean, _ => false)],
        Properties = new(
            LongText("local-candidate", e => ref e._candidate, "local_candidate", decidesKind: true),
            Number("stream_id", e => ref e._streamId, "stream"),
            Number("component_id", e => ref e._componentId, "component")),
    };
}
