using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.MediaStateEvent>;

namespace JanusEvents;

/// <summary>Janus began or ceased to receive a medium (type 32, subtype 1).</summary>
public sealed record MediaStateEvent() : JanusEvent(JanusEventType.Media, 1)
{
    private string? _media;
    private string? _mid;
    private bool? _receiving;
    private long? _substream;
    private long? _seconds;

    /// <summary>The medium (<c>media</c>): <c>audio</c> or <c>video</c>.</summary>
    public string? Media { get => _media; init => _media = value; }

    /// <summary>The id of its m-line (<c>mid</c>), Janus 1.x.</summary>
    public string? Mid { get => _mid; init => _mid = value; }

    /// <summary>Whether packets arrive (<c>receiving</c>).</summary>
    public bool? Receiving { get => _receiving; init => _receiving = value; }

    /// <summary>The simulcast layer, 0 to 2 (<c>substream</c>); only with simulcast.</summary>
    public long? Substream { get => _substream; init => _substream = value; }

    /// <summary>
    /// For how many seconds nothing had come (<c>seconds</c>); only where <c>no_media_timer</c> is over 1.
    /// </summary>
    public long? Seconds { get => _seconds; init => _seconds = value; }

    internal static EventKind<MediaStateEvent> Description { get; } = new("media_state", () => new MediaStateEvent())
    {
        Table = "media",
        PublishedColumns = ["medium", "receiving"],
        Properties = new(
            Text("media", e => ref e._media, "medium"),
            Text("mid", e => ref e._mid),
            Number("substream", e => ref e._substream),
            Boolean("receiving", e => ref e._receiving, decidesKind: true),
            Number("seconds", e => ref e._seconds)),
    };
}
