using System.Data.Common;
using System.Runtime.CompilerServices;
using JanusEvents.Facts;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Reads events from the tables: each table by pages in the order of its numbers, merged by these.</summary>
internal sealed class RelationalEventStore(DbDataSource dataSource, SqlDialect dialect) : IEventStore
{
    // A room has many handles, each with pages of its own.
    private const int PageSizeOfHandle = 50;

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
        DbConnection connection = dataSource.CreateConnection();
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenInTimeAsync(cancellationToken).ConfigureAwait(false);
            await dialect.PrepareSessionAsync(connection, cancellationToken).ConfigureAwait(false);
            ILookup<string, ExistingColumn> existing =
                await SchemaReader.LoadAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
            bool extras = existing.Contains(BookkeepingTables.Extras.Name);
            List<TableLayout> layouts = [.. SchemaReader.Layouts(existing).Values];
            RoomStays? stays = null;
            List<(long First, Func<IEnumerable<TablePages>> Open)> sources = [];
            if (query.Room is not null && layouts.Count > 0)
            {
                if (!existing.Contains(FactTable.Definition.Name))
                    throw new InvalidOperationException("The database has no table facts, which says who was in which room. Rebuild the facts (IRoomFacts.RebuildAsync).");

                stays = await RoomStays.LoadAsync(connection, dialect, query.Room, layouts, cancellationToken).ConfigureAwait(false);
                sources.Add((long.MinValue, () => layouts.Where(l => l.Table == EventTables.For(typeof(PluginEvent)) && filter.Concerns(l))
                    .Select(l => new TablePages(connection, dialect, l, extras, filter) { Room = query.Room })));
                sources.AddRange(stays.Handles
                    .Where(h => (query.SessionId ?? h.Key.Session) == h.Key.Session && (query.HandleId ?? h.Key.Handle) == h.Key.Handle)
                    .Select(h => (h.Value, (Func<IEnumerable<TablePages>>)(() =>
                        Pages(new TableFilter(query with { SessionId = h.Key.Session, HandleId = h.Key.Handle }), PageSizeOfHandle)))));
            }
            else
            {
                sources.Add((long.MinValue, () => Pages(filter, TablePages.DefaultSize)));
            }

            EventMerge merge = new(sources);
            await using (merge.ConfigureAwait(false))
            {
                while (await merge.NextAsync(cancellationToken).ConfigureAwait(false) is { } rows)
                {
                    foreach (JanusEvent e in rows.Read())
                    {
                        if (filter.Takes(e) && (stays is null || (rows.NamesRoom && Names(e, query.Room)) || stays.Take(e)))
                            yield return (rows.Number, e);
                    }
                }
            }

            IEnumerable<TablePages> Pages(TableFilter ofPages, int size) => layouts.Where(ofPages.Concerns)
                .Select(layout => new TablePages(connection, dialect, layout, extras, ofPages) { Size = size });
        }
    }

    // MySQL takes "1234 " for "1234".
    private static bool Names(JanusEvent e, string? room) => FactReader.Read(e).Any(f => f.Room == room);
}
