namespace JanusEvents;

/// <summary>A plugin reports something (type 64).</summary>
/// <remarks>
/// Some events of plugins belong to no session and handle: a participant of a room was kicked, a script was loaded.
/// </remarks>
public sealed record PluginEvent() : JanusEvent(JanusEventType.Plugin)
{
    /// <summary>The plugin (<c>plugin</c>), such as <c>janus.plugin.videoroom</c>.</summary>
    public string? Plugin { get; init; }

    /// <summary>What it reports (<c>data</c>), in a form that every plugin chooses for itself.</summary>
    public RawJson Data { get; init; }
}
