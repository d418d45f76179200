namespace JanusEvents;

/// <summary>
/// The content of the table <c>rejected</c>: invalid elements, and events that their tables refused. A service, once <c>AddMySql</c> or
/// <c>AddSqlite</c> was called.
/// </summary>
/// <remarks><inheritdoc cref="IEventStore" path="/remarks"/></remarks>
public interface IRejectedEvents
{
    /// <summary>Streams what lies there, in the order in which it was rejected.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The rejected elements and events, with the reason.</returns>
    /// <exception cref="InvalidOperationException">The database cannot be opened.</exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<RejectedEvent> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores the events that their tables take by now, each once: it goes from <c>rejected</c> to its table in one transaction. They
    /// are stored as if they came now, behind what was stored meanwhile, with their own times. Invalid elements stay where they are,
    /// and so do events that are still refused or were kept without their bytes. It may be interrupted and repeated, and hosts may
    /// write meanwhile.
    /// </summary>
    /// <param name="progress">Gets the progress, after every hundred and at the end.</param>
    /// <param name="cancellationToken">Ends it after those that are being worked on.</param>
    /// <returns>How much there was.</returns>
    /// <exception cref="InvalidOperationException">The database cannot be opened.</exception>
    /// <exception cref="System.Data.Common.DbException">The database refused to read or write.</exception>
    /// <exception cref="TimeoutException">The database stopped answering.</exception>
    Task<RejectedRetryResult> RetryAsync(IProgress<RejectedRetryResult>? progress = null, CancellationToken cancellationToken = default);
}
