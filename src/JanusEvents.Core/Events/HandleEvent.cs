namespace JanusEvents;

/// <summary>A handle was attached to or detached from a plugin (type 2).</summary>
public sealed record HandleEvent() : JanusEvent(JanusEventType.Handle)
{
    /// <summary>What happened (<c>name</c>): <c>attached</c> or <c>detached</c>.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The plugin (<c>plugin</c>), such as <c>janus.plugin.videoroom</c>. Not a closed list: script plugins choose
    /// their own names.
    /// </summary>
    public string? Plugin { get; init; }

    /// <summary>
    /// The opaque id inside the body (<c>event.opaque_id</c>), which Janus repeats there. In Janus 0.2.x it is the only
    /// place.
    /// </summary>
    public string? BodyOpaqueId { get; init; }

    /// <summary>The token that the client attached with (<c>token</c>). A secret.</summary>
    public string? Token { get; init; }
}
