using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Reading;

/// <summary>Merges pages of rows in the order of reading, by the places of the events.</summary>
internal sealed class EventMerge : IAsyncDisposable
{
    private readonly PriorityQueue<TablePages, EventPlace> _next;
    private readonly Queue<(long First, Func<IEnumerable<TablePages>> Open)> _later;
    private readonly StoreConnection _connection;
    private readonly bool _isBackwards;

    /// <summary>Merges pages.</summary>
    /// <param name="connection">The connection of all pages.</param>
    /// <param name="range">Which way they are read.</param>
    /// <param name="sources">
    /// Makes the pages, with a number that is not behind any of theirs in the order of reading, so that they are made only when it
    /// is their turn.
    /// </param>
    public EventMerge(StoreConnection connection, ReadingRange range, IEnumerable<(long First, Func<IEnumerable<TablePages>> Open)> sources)
    {
        _connection = connection;
        _isBackwards = range.IsBackwards;
        _next = new PriorityQueue<TablePages, EventPlace>(range.Order);
        _later = new Queue<(long, Func<IEnumerable<TablePages>>)>(
            _isBackwards ? sources.OrderByDescending(s => s.First) : sources.OrderBy(s => s.First));
    }

    /// <summary>The next event; null when there is none. Where two pages have the same row, it comes once.</summary>
    public async ValueTask<StoredRows?> NextAsync(CancellationToken cancellationToken)
    {
        while (_later.TryPeek(out (long First, Func<IEnumerable<TablePages>> Open) later) && IsDue(later.First))
        {
            _later.Dequeue();
            List<TablePages> opened = [.. later.Open()];
            await FirstPages.ReadAsync(_connection, opened, cancellationToken).ConfigureAwait(false);
            foreach (TablePages pages in opened)
                await EnqueueAsync(pages, cancellationToken).ConfigureAwait(false);
        }

        if (!_next.TryDequeue(out TablePages? first, out EventPlace place))
            return null;

        StoredRows rows = first.Take();
        while (_next.TryPeek(out TablePages? same, out EventPlace samePlace) && samePlace == place)
        {
            _next.Dequeue();
            if (same.Take().NamesRoom)
                rows = rows with { NamesRoom = true };
            await EnqueueAsync(same, cancellationToken).ConfigureAwait(false);
        }

        await EnqueueAsync(first, cancellationToken).ConfigureAwait(false);
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        while (_next.TryDequeue(out TablePages? pages, out _))
            await pages.DisposeAsync().ConfigureAwait(false);
    }

    private bool IsDue(long first) =>
        !_next.TryPeek(out _, out EventPlace place) || (_isBackwards ? first >= place.Number : first <= place.Number);

    private async ValueTask EnqueueAsync(TablePages pages, CancellationToken cancellationToken)
    {
        if (await pages.PeekAsync(cancellationToken).ConfigureAwait(false) is { } rows)
            _next.Enqueue(pages, rows.Place);
        else
            await pages.DisposeAsync().ConfigureAwait(false);
    }
}
