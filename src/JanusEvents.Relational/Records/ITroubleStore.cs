namespace JanusEvents;

/// <summary>
/// Reads troubles, those that are open and those that ended, from the table <c>troubles</c>: a service, once <c>AddMySql</c> or
/// <c>AddSqlite</c> was called. There are troubles where a host has monitoring (<c>AddMonitoring</c>).
/// </summary>
/// <remarks><inheritdoc cref="IPeerConnectionStore" path="/remarks"/></remarks>
public interface ITroubleStore
{
    /// <summary>Streams troubles, page by page, so that no lock is held; of what begins or ends meanwhile, some may be missing.</summary>
    /// <param name="query">Which troubles.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The troubles in the order in which they began; none from a database without the table.</returns>
    /// <exception cref="ArgumentException">The limit is below 1, or the order or the severity is undefined.</exception>
    /// <exception cref="InvalidOperationException">The database cannot be opened.</exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<Trouble> ReadAsync(TroubleQuery query, CancellationToken cancellationToken = default);
}
