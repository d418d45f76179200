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
    /// A kind is not a type of event, the order is undefined, the limit is below 1, or the continuation is invalid or belongs to another
    /// query.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The query asks for a room, and the database was made before there were facts: <see cref="IRoomFacts.RebuildAsync"/>.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<JanusEvent> ReadAsync(EventQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of events, with the continuation of the next one.</summary>
    /// <param name="query">
    /// Which events; <see cref="EventQuery.Limit"/> is the size of the page. For the next page, the same query with
    /// <see cref="EventQuery.Continuation"/> set to <see cref="EventPage.Continuation"/> of this one.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The page. No event is on two pages. Events that arrive between two pages are on the last pages, oldest first, and on none, newest
    /// first. An event is on no page if its transaction commits after an event behind it was returned: transactions of several writers
    /// commit in any order.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// There is no limit, or it is below 1; a kind is not a type of event; the order is undefined; or the continuation is invalid or
    /// belongs to another query. It is checked before anything is read, so that it may be passed on from a browser.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The query asks for a room, and the database was made before there were facts: <see cref="IRoomFacts.RebuildAsync"/>.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    Task<EventPage> ReadPageAsync(EventQuery query, CancellationToken cancellationToken = default);
}
