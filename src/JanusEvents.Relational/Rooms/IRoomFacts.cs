namespace JanusEvents;

/// <summary>
/// The table of facts, which shows who was in which room: a service, once <c>AddMySql</c> or <c>AddSqlite</c> was called.
/// Facts are stored with their events; only what was stored by an older version, or by another program, has none.
/// </summary>
/// <remarks><inheritdoc cref="IEventStore" path="/remarks"/></remarks>
public interface IRoomFacts
{
    /// <summary>
    /// Makes the facts of every stored event again, some hundred events at a time. It may be interrupted and repeated, and
    /// hosts may write meanwhile: facts are known by the numbers of their events. Facts of events that are no longer
    /// stored stay as they are. Missing tables and views are created.
    /// </summary>
    /// <param name="progress">Gets the progress, about every ten thousand events and at the end.</param>
    /// <param name="cancellationToken">Ends it after the events that are being worked on.</param>
    /// <returns>How much there was.</returns>
    /// <exception cref="InvalidOperationException">The database cannot be opened.</exception>
    /// <exception cref="System.Data.Common.DbException">The database refused to read or write.</exception>
    /// <exception cref="TimeoutException">The database stopped answering.</exception>
    Task<FactRebuildResult> RebuildAsync(IProgress<FactRebuildResult>? progress = null, CancellationToken cancellationToken = default);
}
