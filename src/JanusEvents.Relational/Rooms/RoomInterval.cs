namespace JanusEvents;

/// <summary>
/// Something that a handle did in a room from when to when, as the table <c>facts</c> has it. Names and ids of more than 190
/// characters are shortened there to 120, followed by … and the SHA-256 of the whole.
/// </summary>
public abstract record RoomInterval
{
    private protected RoomInterval()
    {
    }

    /// <summary>The server (<c>emitter</c>); null where the events have none.</summary>
    public string? Emitter { get; init; }

    /// <summary>The plugin, such as <c>janus.plugin.videoroom</c>.</summary>
    public string Plugin { get; init; } = "";

    /// <summary>The session; null where the plugin reports of no handle. Unique on one server only.</summary>
    public long? SessionId { get; init; }

    /// <summary>The handle, unique only inside its session; null where the plugin reports of no handle.</summary>
    public long? HandleId { get; init; }

    /// <summary>The client's own name for the handle; null where it gave none.</summary>
    public string? OpaqueId { get; init; }

    /// <summary>When it began, in UTC, by the server's clock.</summary>
    public DateTimeOffset Began { get; init; }

    /// <summary>
    /// When it ended, in UTC, by the server's clock; null while it lasts, and where none of the events that end it was stored. The
    /// first of these ends it: the participant left or was kicked; the room was destroyed; the handle was detached, or joined
    /// another room (but in the TextRoom); the session was destroyed or timed out; the server was started or shut down; the
    /// PeerConnection ended, but for the stay of a participant.
    /// </summary>
    public DateTimeOffset? Ended { get; init; }
}
