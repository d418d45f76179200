namespace JanusEvents;

/// <summary>Which troubles to read: those for which everything that is set holds. By default, all.</summary>
/// <remarks>
/// Texts are compared exactly. Troubles are found by an index by the time at which they began, <see cref="Room"/>,
/// <see cref="SessionId"/>, and as long as they are open; other queries may read all of them.
/// </remarks>
public sealed record TroubleQuery
{
    /// <summary>The code: one of <see cref="TroubleCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>The lowest severity. <see cref="TroubleSeverity.Info"/>, the default, means all.</summary>
    public TroubleSeverity MinSeverity { get; init; }

    /// <summary>The server; empty for servers that give no name.</summary>
    public string? Emitter { get; init; }

    /// <summary>The room, mountpoint or call, as text, also where its id is a number.</summary>
    public string? Room { get; init; }

    /// <summary>The session, unique on one server only.</summary>
    public long? SessionId { get; init; }

    /// <summary>The handle, which is unique only inside its session.</summary>
    public long? HandleId { get; init; }

    /// <summary>Whether to read only what has not ended. False by default.</summary>
    public bool OnlyOpen { get; init; }

    /// <summary>The time at or after which it still lasted, by the server's clock: what ended before is left out.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The time before which it began, by the server's clock.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>How many at most, from 1; null, the default, for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The order in which they began, by the server's clock: oldest first, by default, or newest first.</summary>
    public EventOrder Order { get; init; }
}
