using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.RemoteCandidateEvent>;

namespace JanusEvents;

/// <summary>The client sent a candidate (type 16, subtype 3).</summary>
public sealed record RemoteCandidateEvent() : JanusEvent(JanusEventType.WebRtc, 3)
{
    private string? _candidate;
    private long? _streamId;
    private long? _componentId;

    /// <summary>
    /// The candidate as SDP text (<c>remote-candidate</c>), without <c>candidate:</c> before it, of any length.
    /// </summary>
    public string? Candidate { get => _candidate; init => _candidate = value; }

    /// <summary>The stream inside the PeerConnection (<c>stream_id</c>); always 1 in Janus 1.x.</summary>
    public long? StreamId { get => _streamId; init => _streamId = value; }

    /// <summary>The ICE component (<c>component_id</c>): 1, or 0 for local candidates of Janus 1.x.</summary>
    public long? ComponentId { get => _componentId; init => _componentId = value; }

    internal static EventKind<RemoteCandidateEvent> Description { get; } = new("remote_candidate", () => new RemoteCandidateEvent())
    {
        Table = "candidates",
        DerivedValues = [new(null, "remote", ValueForm.Boolean, _ => true)],
        Properties = new(
            LongText("remote-candidate", e => ref e._candidate, "remote_candidate", decidesKind: true),
            Number("stream_id", e => ref e._streamId, "stream"),
            Number("component_id", e => ref e._componentId, "component")),
    };
}
