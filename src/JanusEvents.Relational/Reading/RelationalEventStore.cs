using System.Data.Common;
using System.Runtime.CompilerServices;
using JanusEvents.Facts;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Reads events from the tables: each table by pages in the order of its numbers, merged by these.</summary>
internal sealed class RelationalEventStore(DbDataSource dataSource, SqlDialect dialect, TimeProvider time)
    : IEventStore, IAsyncDisposable, IDisposable
{
    // A room has many handles, each with pages of its own.
    private const int PageSizeOfHandle = 50;

    private readonly ReaderConnections _connections = new(dataSource, dialect, time);

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
        (EventReading reading, StoredRows? rows) = await BeginAsync(query, filter, cancellationToken).ConfigureAwait(false);
        await using (reading.ConfigureAwait(false))
        {
            for (; rows is not null; rows = await reading.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                foreach (JanusEvent e in rows.Read())
                {
                    if (filter.Takes(e) && (reading.Stays is not { } stays || (rows.NamesRoom && Names(e, query.Room)) || stays.Take(e)))
                        yield return (rows.Number, e);
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    public void Dispose() => _connections.Dispose();

    /// <summary>
    /// Begins to read, with the connection and the layouts that were kept. Where these are not what the database has any
    /// more, it begins anew.
    /// </summary>
    private async Task<(EventReading Reading, StoredRows? First)> BeginAsync(EventQuery query, TableFilter filter, CancellationToken cancellationToken)
    {
        DbConnection? kept = _connections.TakeIdle();
        TableLayouts? layouts = _layouts;
        DbConnection connection = kept ?? await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await BeginAsync(connection, layouts, query, filter, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when ((kept is not null || layouts is not null) && !cancellationToken.IsCancellationRequested && !IsSlow(e))
        {
            _layouts = null;
            connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
            return await BeginAsync(connection, null, query, filter, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(EventReading Reading, StoredRows? First)> BeginAsync(
        DbConnection connection,
        TableLayouts? layouts,
        EventQuery query,
        TableFilter filter,
        CancellationToken cancellationToken)
    {
        EventReading reading = new(_connections, connection);
        try
        {
            StoredRows? first = await reading.GuardAsync(async () =>
            {
                if (layouts is null)
                {
                    await TimeLimits.ReadInTimeAsync(async () =>
                        layouts = await TableLayouts.LoadAsync(connection, dialect, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                    _layouts = layouts!.IsComplete ? layouts : null;
                }

                await SetSourcesAsync(reading, layouts, query, filter, cancellationToken).ConfigureAwait(false);
                return await reading.NextAsync(cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
            return (reading, first);
        }
        catch
        {
            await reading.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task SetSourcesAsync(
        EventReading reading,
        TableLayouts layouts,
        EventQuery query,
        TableFilter filter,
        CancellationToken cancellationToken)
    {
        DbConnection connection = reading.Connection;
        List<(long First, Func<IEnumerable<TablePages>> Open)> sources = [];
        if (query.Room is not null && layouts.Events.Count > 0)
        {
            if (!layouts.HasFacts)
                throw new InvalidOperationException("The database has no table facts, which says who was in which room. Rebuild the facts (IRoomFacts.RebuildAsync).");

            RoomStays stays = await RoomStays.LoadAsync(connection, dialect, query.Room, layouts.Events, cancellationToken).ConfigureAwait(false);
            reading.Stays = stays;
            sources.Add((long.MinValue, () => layouts.Events.Where(l => l.Table == EventTables.For(typeof(PluginEvent)) && filter.Concerns(l))
                .Select(l => new TablePages(connection, dialect, l, layouts.HasExtras, filter) { Room = query.Room })));
            sources.AddRange(stays.Handles
                .Where(h => (query.SessionId ?? h.Key.Session) == h.Key.Session && (query.HandleId ?? h.Key.Handle) == h.Key.Handle)
                .Select(h => (h.Value, (Func<IEnumerable<TablePages>>)(() =>
                    Pages(new TableFilter(query with { SessionId = h.Key.Session, HandleId = h.Key.Handle }), PageSizeOfHandle)))));
        }
        else
        {
            sources.Add((long.MinValue, () => Pages(filter, TablePages.DefaultSize)));
        }

        reading.Merge = new EventMerge(connection, sources);

        IEnumerable<TablePages> Pages(TableFilter ofPages, int size) => layouts.Events.Where(ofPages.Concerns)
            .Select(layout => new TablePages(connection, dialect, layout, layouts.HasExtras, ofPages) { Size = size });
    }

    // Who waited for a minute in vain would wait for another one.
    private static bool IsSlow(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is TimeoutException)
                return true;
        }

        return false;
    }

    // MySQL takes "1234 " for "1234".
    private static bool Names(JanusEvent e, string? room) => FactReader.Read(e).Any(f => f.Room == room);
}
