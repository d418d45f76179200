using System.Data.Common;
using System.Runtime.CompilerServices;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Schema;

namespace JanusEvents.Relational.Rooms;

/// <summary>Reads the intervals that the views give, from the facts: a view may be missing, or somebody else's.</summary>
internal sealed class RelationalRoomStore(DbDataSource dataSource, SqlDialect dialect) : IRoomStore
{
    private readonly FactViews _views = new(dialect);
    private volatile bool _hasFacts;

    public IAsyncEnumerable<RoomStay> ReadStaysAsync(RoomQuery query, CancellationToken cancellationToken = default) =>
        ReadAsync(_views.Stays, query, Stay, cancellationToken);

    public IAsyncEnumerable<RoomPublisher> ReadPublishersAsync(RoomQuery query, CancellationToken cancellationToken = default) =>
        ReadAsync(_views.Publishers, query, Publisher, cancellationToken);

    public IAsyncEnumerable<RoomSubscription> ReadSubscriptionsAsync(RoomQuery query, CancellationToken cancellationToken = default) =>
        ReadAsync(_views.Subscriptions, query, Subscription, cancellationToken);

    public IAsyncEnumerable<RoomCall> ReadCallsAsync(RoomQuery query, CancellationToken cancellationToken = default) =>
        ReadAsync(_views.Calls, query, Call, cancellationToken);

    private static RoomStay Stay(IntervalRow row) =>
        new() { Room = row.Text("room"), Participant = row.Text("participant"), Display = row.Text("display") };

    private static RoomPublisher Publisher(IntervalRow row) =>
        new() { Room = row.Text("room"), Participant = row.Text("participant"), Display = row.Text("display") };

    private static RoomSubscription Subscription(IntervalRow row) => new()
    {
        Room = row.Text("room"),
        Participant = row.Text("participant"),
        Display = row.Text("display"),
        Publisher = row.Text("publisher"),
        PublisherDisplay = row.Text("publisher_display"),
    };

    private static RoomCall Call(IntervalRow row) => new()
    {
        CallId = row.Text("call_id"),
        UserName = row.Text("username"),
        Peer = row.Text("peer"),
        Display = row.Text("display"),
        Event = row.Text("event"),
        Accepted = row.Time("accepted"),
    };

    private async IAsyncEnumerable<T> ReadAsync<T>(
        FactView view,
        RoomQuery query,
        Func<IntervalRow, T> interval,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : RoomInterval
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit < 1)
            throw new ArgumentOutOfRangeException(nameof(query), query.Limit, "RoomQuery.Limit must be at least 1; null, the default, means all.");
        if (!Enum.IsDefined(query.Order))
            throw new ArgumentOutOfRangeException(nameof(query), query.Order, "RoomQuery.Order must be OldestFirst or NewestFirst.");

        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken, isReader: true).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (!await HasFactsAsync(connection, cancellationToken).ConfigureAwait(false))
                yield break;

            using IntervalPages pages = new(connection, view, query);
            while (await NextAsync(pages, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
            {
                foreach (IntervalRow row in page)
                    yield return row.Complete(interval(row));
            }
        }
    }

    private async Task<IReadOnlyList<IntervalRow>> NextAsync(IntervalPages pages, CancellationToken cancellationToken)
    {
        try
        {
            return await pages.NextAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // The table may be gone, so that the next reading looks for it.
            _hasFacts = false;
            throw;
        }
    }

    /// <summary>Whether there is anything to read.</summary>
    private async ValueTask<bool> HasFactsAsync(StoreConnection connection, CancellationToken cancellationToken)
    {
        if (_hasFacts)
            return true;

        TableLayouts layouts = await TableLayouts.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!layouts.HasFacts && layouts.Events.Count > 0)
            throw new InvalidOperationException("The database has no table facts, which says who was in which room. Rebuild the facts (IRoomFacts.RebuildAsync).");

        return _hasFacts = layouts.HasFacts;
    }
}
