using JanusEvents.Relational.Connections;

namespace JanusEvents.Relational.Reading;

/// <summary>Merges pages of rows by the numbers of the rows, and gives the rows of each event.</summary>
internal sealed class EventMerge : IAsyncDisposable
{
    // Of rows with the same number, as in tables that were published, by the order of the tables.
    private readonly PriorityQueue<TablePages, (long Number, int Table)> _next = new();
    private readonly Queue<(long First, Func<IEnumerable<TablePages>> Open)> _later;
    private readonly StoreConnection _connection;

    /// <summary>Merges pages.</summary>
    /// <param name="connection">The connection of all pages.</param>
    /// <param name="sources">
    /// Makes the pages, with a number that is not higher than any of theirs, so that they are made only when it is their turn.
    /// </param>
    public EventMerge(StoreConnection connection, IEnumerable<(long First, Func<IEnumerable<TablePages>> Open)> sources)
    {
        _connection = connection;
        _later = new Queue<(long, Func<IEnumerable<TablePages>>)>(sources.OrderBy(s => s.First));
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

        if (!_next.TryDequeue(out TablePages? first, out (long Number, int Table) place))
            return null;

        bool namesRoom = first.Room is not null;
        List<object?[]> rows = [first.Take()];
        while (first.PartOf(rows[^1]) is { } part
            && await first.PeekAsync(cancellationToken).ConfigureAwait(false) is { } following
            && first.PartOf(following) == part + 1
            && (long)following[0]! == (long)rows[^1][0]! + 1)
        {
            // The parts of a combined event have consecutive numbers, whatever else is stored. Where a row between them was
            // deleted, two with consecutive parts may be of two events.
            rows.Add(first.Take());
        }

        while (_next.TryPeek(out TablePages? same, out (long Number, int Table) samePlace) && samePlace == place)
        {
            _next.Dequeue();
            same.Take();
            namesRoom |= same.Room is not null;
            await EnqueueAsync(same, cancellationToken).ConfigureAwait(false);
        }

        await EnqueueAsync(first, cancellationToken).ConfigureAwait(false);
        return new StoredRows(first.Table, rows, namesRoom);
    }

    public async ValueTask DisposeAsync()
    {
        while (_next.TryDequeue(out TablePages? pages, out _))
            await pages.DisposeAsync().ConfigureAwait(false);
    }

    private bool IsDue(long first) => !_next.TryPeek(out _, out (long Number, int Table) place) || first <= place.Number;

    private async ValueTask EnqueueAsync(TablePages pages, CancellationToken cancellationToken)
    {
        if (await pages.PeekAsync(cancellationToken).ConfigureAwait(false) is { } row)
            _next.Enqueue(pages, ((long)row[0]!, pages.Order));
        else
            await pages.DisposeAsync().ConfigureAwait(false);
    }
}
