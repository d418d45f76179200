using System.Data.Common;
using System.Runtime.CompilerServices;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Reading;

/// <summary>Reads events from the tables: each table by pages in the order of its numbers, merged by these.</summary>
internal sealed class RelationalEventStore(DbDataSource dataSource, SqlDialect dialect, ILogger logger) : IEventStore
{
    // A room has many handles, each with pages of its own.
    private const int PageSizeOfHandle = 50;

    // Only complete ones: an incomplete table may be upgraded at any time.
    private volatile TableLayouts? _layouts;

    public async IAsyncEnumerable<JanusEvent> ReadAsync(
        EventQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await foreach ((_, JanusEvent e) in ReadNumberedAsync(query, cancellationToken).ConfigureAwait(false))
            yield return e;
    }

    public async Task<EventPage> ReadPageAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit is not { } limit)
            throw new ArgumentException("A page needs EventQuery.Limit, how many events it has at most: it is held in memory.", nameof(query));

        DamagedRowLog log = new(logger);
        IProgress<DamagedRow> damaged = query.DamagedRows ?? log;
        List<DamagedRow> damagedBehind = [];
        List<JanusEvent> events = [];
        EventPlace last = default;
        int count = 0;
        await foreach (ReadEvent read in ReadRowsAsync(query, isPage: true, cancellationToken).ConfigureAwait(false))
        {
            if (count == limit)
            {
                // The next page reads again what lies behind the last event.
                if (read.Events.Count > 0)
                {
                    log.End();
                    return new EventPage(events, EventContinuation.Write(query, last));
                }

                if (read.Damage is { } behind)
                    damagedBehind.Add(behind);
                continue;
            }

            if (read.Damage is { } damage)
                damaged.Report(damage);
            if (read.Events.Count > 0)
            {
                events.AddRange(read.Events);
                last = read.Place;
                count++;
            }
        }

        damagedBehind.ForEach(damaged.Report);
        log.End();
        return new EventPage(events, null);
    }

    /// <summary>Streams events with the numbers of their rows.</summary>
    public async IAsyncEnumerable<(long Number, JanusEvent Event)> ReadNumberedAsync(
        EventQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DamagedRowLog log = new(logger);
        IProgress<DamagedRow> damaged = query.DamagedRows ?? log;
        long count = 0;
        await foreach (ReadEvent read in ReadRowsAsync(query, isPage: false, cancellationToken).ConfigureAwait(false))
        {
            if (read.Damage is { } damage)
                damaged.Report(damage);
            foreach (JanusEvent e in read.Events)
                yield return (read.Number, e);
            if (read.Events.Count > 0 && ++count == query.Limit)
                break;
        }

        log.End();
    }

    /// <summary>Streams what is stored, as far as the query asks, and with what it passes over.</summary>
    private async IAsyncEnumerable<ReadEvent> ReadRowsAsync(
        EventQuery query,
        bool isPage,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableFilter filter = new(query);
        ReadingStart start = new(query, filter, ReadingRange.Of(query), isPage);
        (EventReading reading, StoredRows? rows) = await BeginAsync(start, cancellationToken).ConfigureAwait(false);
        await using (reading.ConfigureAwait(false))
        {
            for (; rows is not null; rows = await reading.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                StoredRows of = rows;
                List<JanusEvent> events = [.. rows.Read(out DamagedRow? damage)
                    .Where(e => filter.Takes(e) && (reading.Stays is not { } stays || of.NamesRoom || stays.Take(e)))];
                if (start.Range.IsBackwards)
                    events.Reverse();
                yield return new ReadEvent(rows.Place, rows.Number, events, damage);
            }
        }
    }

    /// <summary>
    /// Begins to read, with the layouts that were kept. Where these are not what the database has any more, it begins anew.
    /// </summary>
    private async Task<(EventReading Reading, StoredRows? First)> BeginAsync(ReadingStart start, CancellationToken cancellationToken)
    {
        if (_layouts is { } layouts)
        {
            try
            {
                return await BeginAsync(layouts, start, cancellationToken).ConfigureAwait(false);
            }
            catch (DbException e) when (!cancellationToken.IsCancellationRequested && dialect.Classify(e) != FailureKind.Repeat)
            {
                _layouts = null;
            }
        }

        return await BeginAsync(null, start, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(EventReading Reading, StoredRows? First)> BeginAsync(
        TableLayouts? layouts,
        ReadingStart start,
        CancellationToken cancellationToken)
    {
        StoreConnection connection = await StoreConnection.OpenAsync(dataSource, dialect, cancellationToken, isReader: true).ConfigureAwait(false);
        EventReading? reading = null;
        try
        {
            if (layouts is null)
            {
                layouts = await TableLayouts.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
                _layouts = layouts.IsComplete ? layouts : null;
            }

            reading = await OpenAsync(connection, layouts, start, cancellationToken).ConfigureAwait(false);
            return (reading, await reading.NextAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            if (reading is null)
                await connection.DisposeAsync().ConfigureAwait(false);
            else
                await reading.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<EventReading> OpenAsync(
        StoreConnection connection,
        TableLayouts layouts,
        ReadingStart start,
        CancellationToken cancellationToken)
    {
        (EventQuery query, TableFilter filter, ReadingRange range, bool isPage) = start;
        if (query.Room is not null && layouts.Events.Count > 0 && !layouts.HasFacts)
            throw new InvalidOperationException("The database has no table facts, which says who was in which room. Rebuild the facts (IRoomFacts.RebuildAsync).");

        // Newest first, a continuation is a bound already.
        if (range.IsBackwards ? range.After is null : isPage)
        {
            List<TableLayout> read = [.. layouts.Events.Where(l => query.Room is not null || filter.Concerns(l))];
            long? newest = read.Count == 0 ? null : await LatestNumber.ReadAsync(connection, read, cancellationToken).ConfigureAwait(false);
            if (newest is null)
                return new EventReading(connection, new EventMerge(connection, range, []), null);
            range = range with { UpTo = newest };
        }

        long first = range.IsBackwards ? long.MaxValue : long.MinValue;
        if (query.Room is null || layouts.Events.Count == 0)
            return new EventReading(connection, new EventMerge(connection, range, [(first, () => Pages(filter, TablePages.DefaultSize))]), null);

        RoomStays stays = await RoomStays.LoadAsync(connection, query.Room, layouts.Events, range, cancellationToken).ConfigureAwait(false);
        List<(long First, Func<IEnumerable<TablePages>> Open)> sources =
        [
            (first, () => layouts.Events.Where(l => l.Table == EventTables.For(typeof(PluginEvent)) && filter.Concerns(l))
                .Select(l => new TablePages(connection, l, layouts.HasExtras, filter, range) { Room = query.Room })),
            .. stays.Handles
                .Where(h => (query.SessionId ?? h.Key.Session) == h.Key.Session && (query.HandleId ?? h.Key.Handle) == h.Key.Handle)
                .Select(h => (h.Value, (Func<IEnumerable<TablePages>>)(() =>
                    Pages(new TableFilter(query with { SessionId = h.Key.Session, HandleId = h.Key.Handle }), PageSizeOfHandle)))),
        ];
        return new EventReading(connection, new EventMerge(connection, range, sources), stays);

        IEnumerable<TablePages> Pages(TableFilter ofPages, int size) => layouts.Events.Where(ofPages.Concerns)
            .Select(layout => new TablePages(connection, layout, layouts.HasExtras, ofPages, range) { Size = size });
    }

    /// <summary>The beginning of a reading.</summary>
    private sealed record ReadingStart(EventQuery Query, TableFilter Filter, ReadingRange Range, bool IsPage);
}
