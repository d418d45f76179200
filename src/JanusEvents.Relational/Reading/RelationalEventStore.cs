using System.Data.Common;
using System.Runtime.CompilerServices;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Reads events from the tables: each table by pages in the order of its numbers, merged by these.</summary>
internal sealed class RelationalEventStore(DbDataSource dataSource, SqlDialect dialect) : IEventStore
{
    // Every stored event was parsed once, however the limits were set then.
    private static readonly JanusEventParser s_parser = new(new JanusEventParserOptions { MaxDepth = RawJson.MaxDepth });

    public async IAsyncEnumerable<JanusEvent> ReadAsync(
        EventQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        TableFilter filter = new(query);
        DbConnection connection = await dataSource.OpenConnectionAsync(cancellationToken).AsTask().InTimeAsync().ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await dialect.PrepareSessionAsync(connection, cancellationToken).ConfigureAwait(false);
            ILookup<string, ExistingColumn> existing =
                await SchemaReader.LoadAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
            bool extras = existing.Contains(BookkeepingTables.Extras.Name);
            List<TablePages> tables =
            [
                .. SchemaReader.Layouts(existing).Values.Where(filter.Concerns)
                    .Select(layout => new TablePages(connection, dialect, layout, extras, filter)),
            ];
            try
            {
                List<object?[]> parts = [];
                while (await NextAsync(tables, cancellationToken).ConfigureAwait(false) is { } next)
                {
                    object?[] row = next.Take();
                    parts.Add(row);

                    // The parts of a combined event follow each other, whatever else is stored.
                    long? part = next.PartOf(row);
                    if (part is not null
                        && await next.PeekAsync(cancellationToken).ConfigureAwait(false) is { } following
                        && next.PartOf(following) == part + 1)
                    {
                        continue;
                    }

                    foreach (JanusEvent e in s_parser.Parse(EventJson.Write(next.Table, parts)).Events)
                    {
                        if (filter.Takes(e))
                            yield return e;
                    }

                    parts.Clear();
                }
            }
            finally
            {
                foreach (TablePages table in tables)
                    await table.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The table that has the lowest number next; of several, the first in the order of the tables.</summary>
    private static async Task<TablePages?> NextAsync(List<TablePages> tables, CancellationToken cancellationToken)
    {
        TablePages? first = null;
        long lowest = long.MaxValue;
        foreach (TablePages table in tables)
        {
            if (await table.PeekAsync(cancellationToken).ConfigureAwait(false) is { } row && (first is null || (long)row[0]! < lowest))
            {
                first = table;
                lowest = (long)row[0]!;
            }
        }

        return first;
    }
}
