namespace JanusEvents;

/// <summary>
/// Many packets of a medium were lost within a second (type 32, subtype 2). Off by default since Janus 0.11.6.
/// </summary>
public sealed record SlowLinkEvent() : JanusEvent(JanusEventType.Media, 2)
{
    /// <summary>The medium (<c>media</c>): <c>audio</c> or <c>video</c>.</summary>
    public string? Media { get; init; }

    /// <summary>The id of its m-line (<c>mid</c>), Janus 1.x.</summary>
    public string? Mid { get; init; }

    /// <summary>
    /// Which way (<c>slow_link</c>): <c>uplink</c> when the peer misses what Janus sends, <c>downlink</c> when Janus
    /// misses the peer's packets.
    /// </summary>
    public string? SlowLink { get; init; }

    /// <summary>Packets lost in the last second (<c>lost_lastsec</c>), since Janus 0.7.3.</summary>
    public long? LostLastSecond { get; init; }

    /// <summary>NACKs of the last second (<c>nacks_lastsec</c>), before Janus 0.7.3.</summary>
    public long? NacksLastSecond { get; init; }
}
