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

    /// <summary>Streams events with the numbers of their rows.</summary>
    public async IAsyncEnumerable<(long Number, JanusEvent Event)> ReadNumberedAsync(
        EventQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableFilter filter = new(query);
        DamagedRowLog log = new(logger);
        IProgress<DamagedRow> damaged = query.DamagedRows ?? log;
        (EventReading reading, StoredRows? rows) = await BeginAsync(query, filter, cancellationToken).ConfigureAwait(false);
        await using (reading.ConfigureAwait(false))
        {
            for (; rows is not null; rows = await reading.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                IReadOnlyList<JanusEvent> events = rows.Read(out DamagedRow? damage);
                if (damage is not null)
                    damaged.Report(damage);
                foreach (JanusEvent e in events)
                {
                    if (filter.Takes(e) && (reading.Stays is not { } stays || rows.NamesRoom || stays.Take(e)))
                        yield return (rows.Number, e);
                }
            }

            log.End();
        }
    }

    /// <summary>
    /// Begins to read, with the layouts that were kept. Where these are not what the database has any more, it begins anew.
    /// </summary>
    private async Task<(EventReading Reading, StoredRows? First)> BeginAsync(EventQuery query, TableFilter filter, CancellationToken cancellationToken)
    {
        if (_layouts is { } layouts)
        {
            try
            {
                return await BeginAsync(layouts, query, filter, cancellationToken).ConfigureAwait(false);
            }
            catch (DbException e) when (!cancellationToken.IsCancellationRequested && dialect.Classify(e) != FailureKind.Repeat)
            {
                _layouts = null;
            }
        }

        return await BeginAsync(null, query, filter, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(EventReading Reading, StoredRows? First)> BeginAsync(
        TableLayouts? layouts,
        EventQuery query,
        TableFilter filter,
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

            reading = await OpenAsync(connection, layouts, query, filter, cancellationToken).ConfigureAwait(false);
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
        EventQuery query,
        TableFilter filter,
        CancellationToken cancellationToken)
    {
        if (query.Room is null || layouts.Events.Count == 0)
            return new EventReading(connection, new EventMerge(connection, [(long.MinValue, () => Pages(filter, TablePages.DefaultSize))]), null);

        if (!layouts.HasFacts)
            throw new InvalidOperationException("The database has no table facts, which says who was in which room. Rebuild the facts (IRoomFacts.RebuildAsync).");

        RoomStays stays = await RoomStays.LoadAsync(connection, query.Room, layouts.Events, cancellationToken).ConfigureAwait(false);
        List<(long First, Func<IEnumerable<TablePages>> Open)> sources =
        [
            (long.MinValue, () => layouts.Events.Where(l => l.Table == EventTables.For(typeof(PluginEvent)) && filter.Concerns(l))
                .Select(l => new TablePages(connection, l, layouts.HasExtras, filter) { Room = query.Room })),
            .. stays.Handles
                .Where(h => (query.SessionId ?? h.Key.Session) == h.Key.Session && (query.HandleId ?? h.Key.Handle) == h.Key.Handle)
                .Select(h => (h.Value, (Func<IEnumerable<TablePages>>)(() =>
                    Pages(new TableFilter(query with { SessionId = h.Key.Session, HandleId = h.Key.Handle }), PageSizeOfHandle)))),
        ];
        return new EventReading(connection, new EventMerge(connection, sources), stays);

        IEnumerable<TablePages> Pages(TableFilter ofPages, int size) => layouts.Events.Where(ofPages.Concerns)
            .Select(layout => new TablePages(connection, layout, layouts.HasExtras, ofPages) { Size = size });
    }
}
