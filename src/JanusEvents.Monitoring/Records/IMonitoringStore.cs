namespace JanusEvents.Monitoring.Records;

/// <summary>
/// Keeps call records and troubles. A store implements it beside its sink; the monitoring writes to each that is registered.
/// Everything comes at least once: what is there already is not stored again.
/// </summary>
internal interface IMonitoringStore
{
    /// <summary>Stores records; one that is there (emitter, session, handle, number) stays as it is.</summary>
    Task AddRecordsAsync(IReadOnlyList<PeerConnectionRecord> records, CancellationToken cancellationToken);

    /// <summary>Stores troubles; of one that is there (id) what changes is updated: severity, end, evidence.</summary>
    Task SaveTroublesAsync(IReadOnlyList<Trouble> troubles, CancellationToken cancellationToken);

    /// <summary>Reads the troubles that have no end.</summary>
    Task<IReadOnlyList<Trouble>> ReadOpenTroublesAsync(CancellationToken cancellationToken);

    /// <summary>Reads the last events that were stored, of all servers, in the order in which they were, for the state to go on from.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<JanusEvent>> ReadLatestEventsAsync(int most, CancellationToken cancellationToken);

    /// <summary>
    /// Reads stored events of all servers since a time, in the order of arrival. Events without a time
    /// are left out.
    /// </summary>
    IAsyncEnumerable<JanusEvent> ReadEventsAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Asks whether events of a server are stored that happened after a time, by its clock.</summary>
    Task<bool> HasEventsAfterAsync(string? emitter, DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the stored events of a handle, and those of its session that have no handle, in the order of their times (where they
    /// arrived within a minute of it).
    /// </summary>
    IAsyncEnumerable<JanusEvent> ReadEventsOfAsync(string? emitter, long session, long handle, CancellationToken cancellationToken);
}
