namespace JanusEvents;

/// <summary>Settings of a store of events in a database.</summary>
public sealed class EventStoreOptions
{
    /// <summary>
    /// For how long a body that comes again is known, at least two minutes (Janus sends a body again for about one).
    /// Null, the default, is two hours, or a day where there is a spool, whose bodies may be that old.
    /// </summary>
    public TimeSpan? HashWindow { get; set; }

    /// <summary>
    /// How many bytes of rejected pieces and events the table <c>rejected</c> keeps, at least 0; 1 GiB by default. What
    /// comes when they are used is kept with its reason and hash, but without its bytes.
    /// </summary>
    public long MaxRejectedBytes { get; set; } = 1 << 30;

    /// <summary>How long a rejected piece or event is kept, more than zero; 30 days by default.</summary>
    public TimeSpan RejectedAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long events are kept; for ever by default.</summary>
    public RetentionOptions Retention { get; } = new();

    internal void Validate()
    {
        if (HashWindow < TimeSpan.FromMinutes(2))
            throw new ArgumentException($"{nameof(EventStoreOptions)}.{nameof(HashWindow)} is {HashWindow}; it must be at least two minutes, since Janus sends a body again for about one.");
        if (MaxRejectedBytes < 0)
            throw new ArgumentException($"{nameof(EventStoreOptions)}.{nameof(MaxRejectedBytes)} is {MaxRejectedBytes}; it must not be negative.");
        if (RejectedAge <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(EventStoreOptions)}.{nameof(RejectedAge)} is {RejectedAge}; it must be more than zero.");
    }
}
