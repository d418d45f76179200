namespace JanusEvents;

/// <summary>Reads stored events back: a service, once <c>AddMySql</c> or <c>AddSqlite</c> was called.</summary>
/// <remarks>
/// Where a host has several stores, this is the first; each is also a keyed service by its name: <c>MySql</c>, <c>Sqlite</c>,
/// and from the second of a kind on with a number, <c>MySql 2</c>.
/// </remarks>
public interface IEventStore
{
    /// <summary>Streams events in the order in which they arrived.</summary>
    /// <param name="query">Which events.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The events, equal to those that Janus sent. A combined statistics event comes as its parts, each with the whole
    /// event as its <see cref="JanusEvent.Json"/>. They are read page by page over a connection of its own, so that
    /// neither memory nor a lock is held for them. A row that another program wrote comes back as far as it can be read, and
    /// no row is passed over in silence: <see cref="EventQuery.DamagedRows"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The query asks for a kind that is none.</exception>
    /// <exception cref="InvalidOperationException">
    /// The query asks for a room, and the database was made before there were facts: <see cref="IRoomFacts.RebuildAsync"/>.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<JanusEvent> ReadAsync(EventQuery query, CancellationToken cancellationToken = default);
}
