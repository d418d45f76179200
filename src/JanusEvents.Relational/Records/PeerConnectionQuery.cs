namespace JanusEvents;

/// <summary>Which records of PeerConnections to read: those for which everything that is set holds. By default, all.</summary>
/// <remarks>
/// Texts are compared exactly. Records are found by an index by their end (<see cref="From"/>, <see cref="To"/>),
/// <see cref="Room"/>, <see cref="SessionId"/> and <see cref="OpaqueId"/>; other queries may read all of them.
/// </remarks>
public sealed record PeerConnectionQuery
{
    /// <summary>The earliest end, by the server's clock.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The time before which it ended, by the server's clock.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The server; empty for servers that give no name.</summary>
    public string? Emitter { get; init; }

    /// <summary>The plugin, such as <c>janus.plugin.videoroom</c>.</summary>
    public string? Plugin { get; init; }

    /// <summary>The room, mountpoint or call, as text, also where its id is a number.</summary>
    public string? Room { get; init; }

    /// <summary>The outcome: see <see cref="PeerConnectionRecord.Outcome"/>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Janus's reason in the hang-up: see <see cref="HangupReasons"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>The participant id.</summary>
    public string? Participant { get; init; }

    /// <summary>The client's own name for the handle.</summary>
    public string? OpaqueId { get; init; }

    /// <summary>The session, unique on one server only.</summary>
    public long? SessionId { get; init; }

    /// <summary>The handle, which is unique only inside its session.</summary>
    public long? HandleId { get; init; }

    /// <summary>How many at most, from 1; null, the default, for all. A summary does not look at it.</summary>
    public int? Limit { get; init; }

    /// <summary>The order in which they ended: oldest first, by default, or newest first. A summary does not look at it.</summary>
    public EventOrder Order { get; init; }
}
