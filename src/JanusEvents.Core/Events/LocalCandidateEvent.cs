namespace JanusEvents;

/// <summary>Janus gathered a candidate (type 16, subtype 2).</summary>
public sealed record LocalCandidateEvent() : JanusEvent(JanusEventType.WebRtc, 2)
{
    /// <summary>
    /// The candidate as SDP text (<c>local-candidate</c>), without <c>candidate:</c> before it; may be empty.
    /// </summary>
    public string? Candidate { get; init; }

    /// <summary>The stream inside the PeerConnection (<c>stream_id</c>); always 1 in Janus 1.x.</summary>
    public long? StreamId { get; init; }

    /// <summary>The ICE component (<c>component_id</c>): 1, or 0 for local candidates of Janus 1.x.</summary>
    public long? ComponentId { get; init; }
}
