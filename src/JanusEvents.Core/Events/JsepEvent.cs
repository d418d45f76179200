namespace JanusEvents;

/// <summary>An SDP offer or answer that Janus received or sent (type 8).</summary>
public sealed record JsepEvent() : JanusEvent(JanusEventType.Jsep)
{
    /// <summary>
    /// Whose SDP it is (<c>owner</c>): <c>remote</c> when the client sent it, <c>local</c> when Janus did.
    /// </summary>
    public string? Owner { get; init; }

    /// <summary>What it is (<c>jsep.type</c>): <c>offer</c> or <c>answer</c>, as the client spelled it.</summary>
    public string? SdpType { get; init; }

    /// <summary>
    /// The session description (<c>jsep.sdp</c>), up to hundreds of kilobytes. It carries ICE passwords and addresses.
    /// </summary>
    public string? Sdp { get; init; }
}
