namespace JanusEvents;

/// <summary>The ICE state of a PeerConnection changed (type 16, subtype 1).</summary>
public sealed record IceStateEvent() : JanusEvent(JanusEventType.WebRtc, 1)
{
    /// <summary>
    /// The state (<c>ice</c>): <c>disconnected</c>, <c>gathering</c>, <c>connecting</c>, <c>connected</c>, <c>ready</c>
    /// or <c>failed</c>.
    /// </summary>
    public string? State { get; init; }

    /// <summary>The stream inside the PeerConnection (<c>stream_id</c>); always 1 in Janus 1.x.</summary>
    public long? StreamId { get; init; }

    /// <summary>The ICE component (<c>component_id</c>): 1, or 0 for local candidates of Janus 1.x.</summary>
    public long? ComponentId { get; init; }
}
