using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.IceStateEvent>;

namespace JanusEvents;

/// <summary>The ICE state of a PeerConnection changed (type 16, subtype 1).</summary>
public sealed record IceStateEvent() : JanusEvent(JanusEventType.WebRtc, 1)
{
    private string? _state;
    private long? _streamId;
    private long? _componentId;

    /// <summary>
    /// The state (<c>ice</c>): <c>disconnected</c>, <c>gathering</c>, <c>connecting</c>, <c>connected</c>, <c>ready</c>
    /// or <c>failed</c>.
    /// </summary>
    public string? State { get => _state; init => _state = value; }

    /// <summary>The stream inside the PeerConnection (<c>stream_id</c>); always 1 in Janus 1.x.</summary>
    public long? StreamId { get => _streamId; init => _streamId = value; }

    /// <summary>The ICE component (<c>component_id</c>): 1, or 0 for local candidates of Janus 1.x.</summary>
    public long? ComponentId { get => _componentId; init => _componentId = value; }

    internal static EventKind<IceStateEvent> Description { get; } = new("ice_state", () => new IceStateEvent())
    {
        Table = "ice",
        PublishedColumns = ["stream", "component", "state"],
        Properties = new(
            Text("ice", e => ref e._state, "state", decidesKind: true),
            Number("stream_id", e => ref e._streamId, "stream"),
            Number("component_id", e => ref e._componentId, "component")),
    };
}
