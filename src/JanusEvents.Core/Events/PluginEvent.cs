using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.PluginEvent>;

namespace JanusEvents;

/// <summary>A plugin reports something (type 64).</summary>
/// <remarks>
/// Some events of plugins belong to no session and handle: a participant of a room was kicked, a script was loaded.
/// </remarks>
public sealed record PluginEvent() : JanusEvent(JanusEventType.Plugin)
{
    private string? _plugin;
    private RawJson _data;

    /// <summary>The plugin (<c>plugin</c>), such as <c>janus.plugin.videoroom</c>.</summary>
    public string? Plugin { get => _plugin; init => _plugin = value; }

    /// <summary>The report (<c>data</c>), in a form that every plugin chooses for itself.</summary>
    public RawJson Data { get => _data; init => _data = value; }

    internal static EventKind<PluginEvent> Description { get; } = new("plugin", () => new PluginEvent())
    {
        Table = "plugins",
        PublishedColumns = ["plugin", "event"],
        Properties = new(
            Text("plugin", e => ref e._plugin),
            Json("data", e => ref e._data, "event")),
    };
}
