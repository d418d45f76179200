namespace JanusEvents;

/// <summary>Janus began or ceased to receive a medium (type 32, subtype 1).</summary>
public sealed record MediaStateEvent() : JanusEvent(JanusEventType.Media, 1)
{
    /// <summary>The medium (<c>media</c>): <c>audio</c> or <c>video</c>.</summary>
    public string? Media { get; init; }

    /// <summary>The id of its m-line (<c>mid</c>), Janus 1.x.</summary>
    public string? Mid { get; init; }

    /// <summary>Whether packets arrive (<c>receiving</c>).</summary>
    public bool? Receiving { get; init; }

    /// <summary>The simulcast layer, 0 to 2 (<c>substream</c>); only with simulcast.</summary>
    public long? Substream { get; init; }

    /// <summary>
    /// For how many seconds nothing had come (<c>seconds</c>); only where <c>no_media_timer</c> is over 1.
    /// </summary>
    public long? Seconds { get; init; }
}
