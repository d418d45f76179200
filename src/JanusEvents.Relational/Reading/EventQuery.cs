namespace JanusEvents;

/// <summary>Which stored events to read: those for which everything that is set holds. By default, all.</summary>
public sealed record EventQuery
{
    /// <summary>The session. Events without one are left out.</summary>
    public long? SessionId { get; init; }

    /// <summary>The handle, which is unique only inside its session. Events without one are left out.</summary>
    public long? HandleId { get; init; }

    /// <summary>The opaque id, compared exactly. Events without one are left out.</summary>
    public string? OpaqueId { get; init; }

    /// <summary>
    /// The room, mountpoint, call or recording, as text, also where its id is a number: the plugins' events that name it,
    /// and every event of the handles that were in it (participants, subscribers, viewers) while they were. Servers and
    /// plugins may have rooms of the same id; <see cref="Emitter"/> distinguishes servers. Which handles were in it is kept
    /// in memory, some dozens of bytes each.
    /// </summary>
    public string? Room { get; init; }

    /// <summary>The server, compared exactly.</summary>
    public string? Emitter { get; init; }

    /// <summary>The earliest time by the server's clock. Events without a time are left out.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The time before which it happened, by the server's clock. Events without a time are left out.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// The kinds, as the types of their records, such as <c>typeof(DtlsEvent)</c>. Empty, the default, means every kind.
    /// </summary>
    public IReadOnlyCollection<Type> Kinds { get; init; } = [];

    /// <summary>
    /// The maximum number of events, at least 1; null, the default, for all. Events are counted as Janus sends them: a combined
    /// statistics event counts as one and is returned with all its parts, so that there may be more <see cref="MediaStatsEvent"/>s.
    /// </summary>
    public int? Limit { get; init; }

    /// <summary>
    /// The order: that of arrival, by default, or exactly its reverse, parts of a combined event included. Events that are stored after
    /// a reading newest first began are not part of it.
    /// </summary>
    public EventOrder Order { get; init; }

    /// <summary>
    /// Where to continue: the <see cref="EventPage.Continuation"/> of the previous page of the same query (only <see cref="Limit"/> and
    /// <see cref="DamagedRows"/> may differ). Null, the default, begins with the first page.
    /// </summary>
    public string? Continuation { get; init; }

    /// <summary>
    /// Gets each row that is not as JanusEvents writes it, as it is read, before its event is given; without, such rows are
    /// logged as warnings. Null by default. Rows are reported whatever kind their events are of.
    /// </summary>
    public IProgress<DamagedRow>? DamagedRows { get; init; }
}
