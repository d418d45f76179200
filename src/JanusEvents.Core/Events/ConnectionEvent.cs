namespace JanusEvents;

/// <summary>A PeerConnection came up or ended (type 16, subtype 6).</summary>
/// <remarks>No hangup is sent when the handle is detached or its session ends first.</remarks>
public sealed record ConnectionEvent() : JanusEvent(JanusEventType.WebRtc, 6)
{
    /// <summary>What happened (<c>connection</c>): <c>webrtcup</c> or <c>hangup</c>.</summary>
    public string? State { get; init; }

    /// <summary>
    /// Why it ended (<c>reason</c>), such as <c>DTLS alert</c>, <c>ICE failed</c> or <c>Close PC</c>; with a hangup,
    /// since Janus 0.4.0.
    /// </summary>
    public string? Reason { get; init; }
}
