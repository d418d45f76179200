namespace JanusEvents;

/// <summary>Reads stored events back: a service, once <c>AddMySql</c> or <c>AddSqlite</c> was called.</summary>
/// <remarks>
/// Where a host has several stores, this is the first; each is also a keyed service by its name: <c>MySql</c>, <c>Sqlite</c>,
/// and from the second of a kind on with a number, <c>MySql 2</c>.
/// </remarks>
public interface IEventStore
{
    /// <summary>Streams events, by default all in the order in which they arrived.</summary>
    /// <param name="query">Which events.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The events, equal to those that Janus sent. A combined statistics event comes as its parts, each with the whole
    /// event as its <see cref="JanusEvent.Json"/>. They are read page by page over a connection of its own, so that
    /// neither memory nor a lock is held for them. A row that another program wrote comes back as far as it can be read, and
    /// no row is passed over in silence: <see cref="EventQuery.DamagedRows"/>.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The query asks for a kind or an order that is none, for fewer events than one, or its continuation is not one that it got.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The query asks for a room, and the database was made before there were facts: <see cref="IRoomFacts.RebuildAsync"/>.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<JanusEvent> ReadAsync(EventQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of events, and where the next one begins.</summary>
    /// <param name="query">
    /// Which events; <see cref="EventQuery.Limit"/> is how many a page has at most. For the next page, the same with
    /// <see cref="EventQuery.Continuation"/> set to what this one returns.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The page. Events that arrive while somebody goes from page to page come on the last pages oldest first, and on none newest
    /// first, so that no event is on two pages. One whose transaction ends after an event with a later place was read is on none:
    /// hosts that write at the same time finish in any order.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The query has no limit, or one below 1, a kind or an order that is none, or a continuation that is broken, or was given for
    /// another query. A continuation may come from a browser: nothing is read then.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The query asks for a room, and the database was made before there were facts: <see cref="IRoomFacts.RebuildAsync"/>.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    Task<EventPage> ReadPageAsync(EventQuery query, CancellationToken cancellationToken = default);
}
