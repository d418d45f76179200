using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.DtlsEvent>;

namespace JanusEvents;

/// <summary>The DTLS state of a PeerConnection changed (type 16, subtype 5).</summary>
public sealed record DtlsEvent() : JanusEvent(JanusEventType.WebRtc, 5)
{
    private string? _state;
    private long? _retransmissions;
    private long? _streamId;
    private long? _componentId;

    /// <summary>
    /// The state (<c>dtls</c>): <c>trying</c>, <c>connected</c> or <c>failed</c>. <c>trying</c> is repeated with every
    /// retransmission.
    /// </summary>
    public string? State { get => _state; init => _state = value; }

    /// <summary>How often Janus had to send its handshake again (<c>retransmissions</c>).</summary>
    public long? Retransmissions { get => _retransmissions; init => _retransmissions = value; }

    /// <summary>The stream inside the PeerConnection (<c>stream_id</c>); always 1 in Janus 1.x.</summary>
    public long? StreamId { get => _streamId; init => _streamId = value; }

    /// <summary>The ICE component (<c>component_id</c>): 1, or 0 for local candidates of Janus 1.x.</summary>
    public long? ComponentId { get => _componentId; init => _componentId = value; }

    internal static EventKind<DtlsEvent> Description { get; } = new("dtls", () => new DtlsEvent())
    {
        Table = "dtls",
        PublishedColumns = ["stream", "component", "state"],
        Properties = new(
            Text("dtls", e => ref e._state, "state", decidesKind: true),
            Number("stream_id", e => ref e._streamId, "stream"),
            Number("component_id", e => ref e._componentId, "component"),
            Number("retransmissions", e => ref e._retransmissions)),
    };
}
