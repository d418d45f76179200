namespace JanusEvents;

/// <summary>The DTLS state of a PeerConnection changed (type 16, subtype 5).</summary>
public sealed record DtlsEvent() : JanusEvent(JanusEventType.WebRtc, 5)
{
    /// <summary>
    /// The state (<c>dtls</c>): <c>trying</c>, <c>connected</c> or <c>failed</c>. <c>trying</c> comes again with every
    /// retransmission.
    /// </summary>
    public string? State { get; init; }

    /// <summary>How often Janus had to send its handshake again (<c>retransmissions</c>).</summary>
    public long? Retransmissions { get; init; }

    /// <summary>The stream inside the PeerConnection (<c>stream_id</c>); always 1 in Janus 1.x.</summary>
    public long? StreamId { get; init; }

    /// <summary>The ICE component (<c>component_id</c>): 1, or 0 for local candidates of Janus 1.x.</summary>
    public long? ComponentId { get; init; }
}
