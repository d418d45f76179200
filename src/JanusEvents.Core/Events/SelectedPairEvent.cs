namespace JanusEvents;

/// <summary>ICE chose the pair of candidates that media goes by (type 16, subtype 4).</summary>
public sealed record SelectedPairEvent() : JanusEvent(JanusEventType.WebRtc, 4)
{
    /// <summary>
    /// Both candidates as text (<c>selected-pair</c>): <c>address:port [type,protocol] &lt;-&gt; address:port
    /// [type,protocol]</c>.
    /// </summary>
    public string? Pair { get; init; }

    /// <summary>Janus's candidate (<c>candidates.local</c>), sent since Janus 0.4.0.</summary>
    public IceCandidate? Local { get; init; }

    /// <summary>The client's candidate (<c>candidates.remote</c>), sent since Janus 0.4.0.</summary>
    public IceCandidate? Remote { get; init; }

    /// <summary>The stream inside the PeerConnection (<c>stream_id</c>); always 1 in Janus 1.x.</summary>
    public long? StreamId { get; init; }

    /// <summary>The ICE component (<c>component_id</c>): 1, or 0 for local candidates of Janus 1.x.</summary>
    public long? ComponentId { get; init; }
}
