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

    /// <summary>
    /// For how long nothing may come from a server that must be heard, at least 10 s; two minutes by default. Null turns
    /// this off. A server must be heard when it has PeerConnections of which statistics come (<c>stats_period</c> in
    /// Janus must be shorter than this), or when it sends its counters every 15 s, as Janus 1.2.0 and later do
    /// (<see cref="CoreEvent.Status"/> is <c>update</c>). From any other silence means nothing: an idle Janus has nothing to
    /// tell. One that is silent for a day is taken for one that was taken away.
    /// </summary>
    public TimeSpan? SilentAfter { get; set; } = TimeSpan.FromMinutes(2);

    internal void Validate()
    {
        if (StoreTimeout < TimeSpan.FromMilliseconds(100) || StoreTimeout > TimeSpan.FromSeconds(30))
            throw new ArgumentException($"{nameof(JanusEventsHealthOptions)}.{nameof(StoreTimeout)} is {StoreTimeout}; it must be from 100 ms to 30 s.");
        if (DegradedBacklogAge <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(JanusEventsHealthOptions)}.{nameof(DegradedBacklogAge)} is {DegradedBacklogAge}; it must be more than zero.");
        if (UnhealthyBacklogAge < DegradedBacklogAge)
            throw new ArgumentException($"{nameof(JanusEventsHealthOptions)}.{nameof(UnhealthyBacklogAge)} is {UnhealthyBacklogAge}; it must be at least {nameof(DegradedBacklogAge)}, {DegradedBacklogAge}.");
        if (SilentAfter < TimeSpan.FromSeconds(10))
            throw new ArgumentException($"{nameof(JanusEventsHealthOptions)}.{nameof(SilentAfter)} is {SilentAfter}; it must be at least 10 s, or null.");
    }
}
