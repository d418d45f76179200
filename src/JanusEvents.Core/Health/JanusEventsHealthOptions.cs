namespace JanusEvents;

/// <summary>When the health check of <c>AddHealthChecks().AddJanusEvents()</c> says that something is wrong.</summary>
public sealed class JanusEventsHealthOptions
{
    /// <summary>
    /// How long the check waits for the answer of a store's database, 100 ms to 30 s; 3 s by default. Without an answer the
    /// store counts as out of reach.
    /// </summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The age of the oldest body in the spool from which the host is degraded, more than zero; one minute by default.
    /// </summary>
    public TimeSpan DegradedBacklogAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The age of the oldest body in the spool from which the check fails, at least <see cref="DegradedBacklogAge"/>; one
    /// hour by default. It should be well below <c>SpoolOptions.HashWindow</c>, and below the time that the spool's size
    /// bridges.
    /// </summary>
    public TimeSpan UnhealthyBacklogAge { get; set; } = TimeSpan.FromHours(1);

    internal void Validate()
    {
        if (StoreTimeout < TimeSpan.FromMilliseconds(100) || StoreTimeout > TimeSpan.FromSeconds(30))
            throw new ArgumentException($"{nameof(JanusEventsHealthOptions)}.{nameof(StoreTimeout)} is {StoreTimeout}; it must be from 100 ms to 30 s.");
        if (DegradedBacklogAge <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(JanusEventsHealthOptions)}.{nameof(DegradedBacklogAge)} is {DegradedBacklogAge}; it must be more than zero.");
        if (UnhealthyBacklogAge < DegradedBacklogAge)
            throw new ArgumentException($"{nameof(JanusEventsHealthOptions)}.{nameof(UnhealthyBacklogAge)} is {UnhealthyBacklogAge}; it must be at least {nameof(DegradedBacklogAge)}, {DegradedBacklogAge}.");
    }
}
