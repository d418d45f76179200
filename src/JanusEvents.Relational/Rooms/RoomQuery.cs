namespace JanusEvents;

/// <summary>Which stays, publishers, subscriptions or calls to read: those for which everything that is set holds. By default, all.</summary>
/// <remarks>
/// Texts are compared exactly. <see cref="Room"/>, <see cref="OpaqueId"/>, and <see cref="SessionId"/> with or without
/// <see cref="HandleId"/> are found by an index; other queries may read all facts.
/// </remarks>
public sealed record RoomQuery
{
    /// <summary>The room, mountpoint, call or recording, as text, also where its id is a number.</summary>
    public string? Room { get; init; }

    /// <summary>The plugin, such as <c>janus.plugin.videoroom</c>: plugins may have rooms of the same id.</summary>
    public string? Plugin { get; init; }

    /// <summary>The server: servers may have rooms, sessions and handles of the same id.</summary>
    public string? Emitter { get; init; }

    /// <summary>The participant id: of a subscription, that of who subscribes; of a call, the user name.</summary>
    public string? Participant { get; init; }

    /// <summary>The client's own name for the handle.</summary>
    public string? OpaqueId { get; init; }

    /// <summary>The session.</summary>
    public long? SessionId { get; init; }

    /// <summary>The handle, which is unique only inside its session.</summary>
    public long? HandleId { get; init; }

    /// <summary>The time at or after which it still lasted, by the server's clock: what ended before is left out.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The time before which it began, by the server's clock.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether to read only what has not ended. False by default.</summary>
    public bool OnlyOpen { get; init; }

    /// <summary>How many at most, from 1; null, the default, for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The order in which they began, by the server's clock: oldest first, by default, or newest first.</summary>
    public EventOrder Order { get; init; }
}
