using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.HandleEvent>;

namespace JanusEvents;

/// <summary>A handle was attached to or detached from a plugin (type 2).</summary>
public sealed record HandleEvent() : JanusEvent(JanusEventType.Handle)
{
    private string? _name;
    private string? _plugin;
    private string? _bodyOpaqueId;
    private string? _token;

    /// <summary>The change (<c>name</c>): <c>attached</c> or <c>detached</c>.</summary>
    public string? Name { get => _name; init => _name = value; }

    /// <summary>
    /// The plugin (<c>plugin</c>), such as <c>janus.plugin.videoroom</c>. Not a closed list: script plugins choose
    /// their own names.
    /// </summary>
    public string? Plugin { get => _plugin; init => _plugin = value; }

    /// <summary>
    /// The opaque id inside the body (<c>event.opaque_id</c>), which Janus repeats there. In Janus 0.2.x it is the only
    /// place.
    /// </summary>
    public string? BodyOpaqueId { get => _bodyOpaqueId; init => _bodyOpaqueId = value; }

    /// <summary>The token that the client attached with (<c>token</c>). Confidential.</summary>
    public string? Token { get => _token; init => _token = value; }

    internal static EventKind<HandleEvent> Description { get; } = new("handle", () => new HandleEvent())
    {
        Table = "handles",
        PublishedColumns = ["event", "plugin"],
        Properties = new(
            Text("name", e => ref e._name, "event"),
            Text("plugin", e => ref e._plugin),
            Text("opaque_id", e => ref e._bodyOpaqueId, "body_opaque_id"),
            Text("token", e => ref e._token)),
    };
}
