namespace JanusEvents;

/// <summary>
/// Reads the records of PeerConnections that ended, from the table <c>peerconnections</c>: a service, once <c>AddMySql</c> or
/// <c>AddSqlite</c> was called. There are records where a host has monitoring (<c>AddMonitoring</c>).
/// </summary>
/// <remarks>
/// Names and ids of more than 190 characters come back as the table has them: 120 characters, then … and the SHA-256 hash of the
/// whole, as in the table <c>facts</c>; and so does the name of a server that ends in a blank. A name to be shown, a reason and the
/// types of candidates have at most 255 characters. Queries take them whole. Where a host has several stores, this is the first;
/// each is also a keyed service by its name, as <see cref="IEventStore"/> is.
/// </remarks>
public interface IPeerConnectionStore
{
    /// <summary>Streams records, page by page, so that no lock is held; of what is added meanwhile, some may be missing.</summary>
    /// <param name="query">Which records.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The records in the order in which the PeerConnections ended; none from a database without the table.</returns>
    /// <exception cref="ArgumentException">The limit is below 1, or the order is undefined.</exception>
    /// <exception cref="InvalidOperationException">The database cannot be opened.</exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<PeerConnectionRecord> ReadAsync(PeerConnectionQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Counts records, and computes how many set-ups succeeded and how long they took. The database counts; what is held in memory
    /// grows with the number of groups and of different times in each, not with that of the records. Percentiles are exact.
    /// </summary>
    /// <param name="query">Which records; its limit and its order do not matter.</param>
    /// <param name="by">By what they are grouped; by default not at all.</param>
    /// <param name="cancellationToken">Ends it before the query.</param>
    /// <returns>A summary for each group that has records, in the order of the groups' names or hours.</returns>
    /// <exception cref="ArgumentException">The grouping is undefined.</exception>
    /// <exception cref="InvalidOperationException">The database cannot be opened.</exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    /// <exception cref="TimeoutException">It took longer than a minute: set <see cref="PeerConnectionQuery.From"/>.</exception>
    Task<IReadOnlyList<PeerConnectionSummary>> SummarizeAsync(
        PeerConnectionQuery query,
        PeerConnectionGrouping by = PeerConnectionGrouping.None,
        CancellationToken cancellationToken = default);
}
