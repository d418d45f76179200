using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.JsepEvent>;

namespace JanusEvents;

/// <summary>An SDP offer or answer that Janus received or sent (type 8).</summary>
public sealed record JsepEvent() : JanusEvent(JanusEventType.Jsep)
{
    private string? _owner;
    private string? _sdpType;
    private string? _sdp;

    /// <summary>
    /// The owner of the SDP (<c>owner</c>): <c>remote</c> when the client sent it, <c>local</c> when Janus did.
    /// </summary>
    public string? Owner { get => _owner; init => _owner = value; }

    /// <summary>The kind of description (<c>jsep.type</c>): <c>offer</c> or <c>answer</c>, as the client spelled it.</summary>
    public string? SdpType { get => _sdpType; init => _sdpType = value; }

    /// <summary>
    /// The session description (<c>jsep.sdp</c>), up to hundreds of kilobytes. It carries ICE passwords and addresses.
    /// </summary>
    public string? Sdp { get => _sdp; init => _sdp = value; }

    internal static EventKind<JsepEvent> Description { get; } = new("jsep", () => new JsepEvent())
    {
        Table = "sdps",
        PublishedColumns = ["remote", "offer", "sdp"],
        Properties = new(
            Text("owner", e => ref e._owner, "remote"),
            Object("jsep", new(
                Text("type", e => ref e._sdpType, "offer"),
                LongText("sdp", e => ref e._sdp)))),
    };
}
