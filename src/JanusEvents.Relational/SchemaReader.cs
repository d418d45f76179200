using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational;

/// <summary>Asks a database which tables and columns it has.</summary>
internal static class SchemaReader
{
    private const int MaxTries = 20;

    /// <summary>The columns of each table that is there, by the table's name.</summary>
    public static async Task<ILookup<string, ExistingColumn>> LoadAsync(StoreConnection connection, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ILookup<string, ExistingColumn> columns =
                (await connection.QueryAsync(connection.Dialect.ListColumns, Column).ConfigureAwait(false))
                .ToLookup(c => c.Table, c => c.Column, StringComparer.OrdinalIgnoreCase);
            if (!connection.Dialect.IsServer || await LeftOutAsync(connection, columns).ConfigureAwait(false) is not { } table)
                return columns;
            if (attempt == MaxTries)
                throw new InvalidOperationException($"The database does not list the table {table}, though it is there. It is being changed, or hides one of the same name.");
        }
    }

    /// <summary>How the tables of events are laid out there; those that are missing are left out.</summary>
    public static IReadOnlyDictionary<EventTable, TableLayout> Layouts(ILookup<string, ExistingColumn> columns) =>
        EventTables.All.Where(t => columns.Contains(t.Name)).ToDictionary(t => t, t => new TableLayout(t, [.. columns[t.Name]]));

    /// <summary>
    /// A table that was left out but is there. Servers do not list a table for a moment while its partitions are changed,
    /// and who believed that would read nothing of it. A question to the table itself waits until that is done.
    /// </summary>
    private static async Task<string?> LeftOutAsync(StoreConnection connection, ILookup<string, ExistingColumn> columns)
    {
        SqlDialect dialect = connection.Dialect;
        foreach (EventTable table in EventTables.All.Where(t => !columns.Contains(t.Name)))
        {
            try
            {
                await connection.ScalarAsync($"SELECT {dialect.Quote("id")} FROM {dialect.Quote(table.Name)} LIMIT 1").ConfigureAwait(false);
                return table.Name;
            }
            catch (DbException e) when (dialect.Classify(e) == FailureKind.MissingTable)
            {
                // It is not there.
            }
        }

        return null;
    }

    private static (string Table, ExistingColumn Column) Column(DbDataReader row) => (row.GetString(0), new ExistingColumn(
        row.GetString(1),
        row.IsDBNull(2) ? null : Convert.ToInt32(row.GetValue(2), CultureInfo.InvariantCulture),
        Convert.ToInt64(row.GetValue(3), CultureInfo.InvariantCulture) != 0));
}
