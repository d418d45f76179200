using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.ConnectionEvent>;

namespace JanusEvents;

/// <summary>A PeerConnection came up or ended (type 16, subtype 6).</summary>
/// <remarks>No hangup is sent when the handle is detached or its session ends first.</remarks>
public sealed record ConnectionEvent() : JanusEvent(JanusEventType.WebRtc, 6)
{
    private string? _state;
    private string? _reason;

    /// <summary>The change (<c>connection</c>): <c>webrtcup</c> or <c>hangup</c>.</summary>
    public string? State { get => _state; init => _state = value; }

    /// <summary>
    /// Why it ended (<c>reason</c>), such as <c>DTLS alert</c>, <c>ICE failed</c> or <c>Close PC</c>; with a hangup,
    /// since Janus 0.4.0.
    /// </summary>
    public string? Reason { get => _reason; init => _reason = value; }

    internal static EventKind<ConnectionEvent> Description { get; } = new("connection", () => new ConnectionEvent())
    {
        Table = "connections",
        PublishedColumns = ["state"],
        Properties = new(
            Text("connection", e => ref e._state, "state", decidesKind: true),
            Text("reason", e => ref e._reason)),
    };
}
