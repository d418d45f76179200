namespace JanusEvents;

/// <summary>
/// Reads who was in which room and when, who published, who subscribed to whom, and who called whom: a service, once
/// <c>AddMySql</c> or <c>AddSqlite</c> was called.
/// </summary>
/// <remarks>
/// It returns what the views of the database return (<c>stays</c>, <c>publishers</c>, <c>subscriptions</c>, <c>calls</c>), and
/// needs only the table <c>facts</c>: neither the views nor the right to create them. Everything is read page by page, so that no
/// lock is held; what begins or ends meanwhile may be missing. Where a host has several stores, this is the first; each is
/// also a keyed service by its name, as <see cref="IEventStore"/> is.
/// </remarks>
public interface IRoomStore
{
    /// <summary>Streams which handle was in which room, mountpoint, call or recording.</summary>
    /// <param name="query">Which stays.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The stays in the order in which they began.</returns>
    /// <exception cref="ArgumentException">The limit is below 1, or the order is undefined.</exception>
    /// <exception cref="InvalidOperationException">
    /// The database was made before there were facts: <see cref="IRoomFacts.RebuildAsync"/>.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<RoomStay> ReadStaysAsync(RoomQuery query, CancellationToken cancellationToken = default);

    /// <summary>Streams which participants of a VideoRoom sent media.</summary>
    /// <param name="query">Which publishers.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The publishers in the order in which they began.</returns>
    /// <exception cref="ArgumentException">The limit is below 1, or the order is undefined.</exception>
    /// <exception cref="InvalidOperationException">
    /// The database was made before there were facts: <see cref="IRoomFacts.RebuildAsync"/>.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<RoomPublisher> ReadPublishersAsync(RoomQuery query, CancellationToken cancellationToken = default);

    /// <summary>Streams which handles received the media of which publishers of a VideoRoom.</summary>
    /// <param name="query">Which subscriptions.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The subscriptions in the order in which they began.</returns>
    /// <exception cref="ArgumentException">The limit is below 1, or the order is undefined.</exception>
    /// <exception cref="InvalidOperationException">
    /// The database was made before there were facts: <see cref="IRoomFacts.RebuildAsync"/>.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<RoomSubscription> ReadSubscriptionsAsync(RoomQuery query, CancellationToken cancellationToken = default);

    /// <summary>Streams the sides of calls of SIP, NoSIP and VideoCall.</summary>
    /// <param name="query">Which calls; <see cref="RoomQuery.Room"/> is the call-id.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The sides of calls in the order in which they began.</returns>
    /// <exception cref="ArgumentException">The limit is below 1, or the order is undefined.</exception>
    /// <exception cref="InvalidOperationException">
    /// The database was made before there were facts: <see cref="IRoomFacts.RebuildAsync"/>.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    IAsyncEnumerable<RoomCall> ReadCallsAsync(RoomQuery query, CancellationToken cancellationToken = default);
}
