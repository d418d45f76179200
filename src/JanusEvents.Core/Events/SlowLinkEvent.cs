using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.SlowLinkEvent>;

namespace JanusEvents;

/// <summary>
/// Many packets of a medium were lost within a second (type 32, subtype 2). Off by default since Janus 0.11.6.
/// </summary>
public sealed record SlowLinkEvent() : JanusEvent(JanusEventType.Media, 2)
{
    private string? _media;
    private string? _mid;
    private string? _slowLink;
    private long? _lostLastSecond;
    private long? _nacksLastSecond;

    /// <summary>The medium (<c>media</c>): <c>audio</c> or <c>video</c>.</summary>
    public string? Media { get => _media; init => _media = value; }

    /// <summary>The id of its m-line (<c>mid</c>), Janus 1.x.</summary>
    public string? Mid { get => _mid; init => _mid = value; }

    /// <summary>
    /// Which way (<c>slow_link</c>): <c>uplink</c> when the peer misses what Janus sends, <c>downlink</c> when Janus
    /// misses the peer's packets.
    /// </summary>
    public string? SlowLink { get => _slowLink; init => _slowLink = value; }

    /// <summary>Packets lost in the last second (<c>lost_lastsec</c>), since Janus 0.7.3.</summary>
    public long? LostLastSecond { get => _lostLastSecond; init => _lostLastSecond = value; }

    /// <summary>NACKs of the last second (<c>nacks_lastsec</c>), before Janus 0.7.3.</summary>
    public long? NacksLastSecond { get => _nacksLastSecond; init => _nacksLastSecond = value; }

    internal static EventKind<SlowLinkEvent> Description { get; } = new("slow_link", () => new SlowLinkEvent())
    {
        Table = "slowlinks",
        Properties = new(
            Text("media", e => ref e._media, "medium"),
            Text("mid", e => ref e._mid),
            Text("slow_link", e => ref e._slowLink, "direction", decidesKind: true),
            Number("lost_lastsec", e => ref e._lostLastSecond, "lost"),
            Number("nacks_lastsec", e => ref e._nacksLastSecond, "nacks")),
    };
}
