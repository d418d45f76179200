using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>Asks a database which tables and columns it has.</summary>
internal static class SchemaReader
{
    private const int MaxTries = 20;

    /// <summary>The columns of each table that is there, by the name that the store has for it.</summary>
    /// <exception cref="ForeignTablesException">A table with one of the store's names is another program's.</exception>
    public static async Task<ILookup<string, ExistingColumn>> LoadAsync(StoreConnection connection, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ILookup<string, ExistingColumn> columns =
                (await connection.QueryAsync(connection.Dialect.ListColumns, Column).ConfigureAwait(false))
                .Where(c => connection.Dialect.OwnName(c.Table) is not null)
                .ToLookup(c => connection.Dialect.OwnName(c.Table)!, c => c.Column, StringComparer.OrdinalIgnoreCase);
            if (!connection.Dialect.IsServer || await LeftOutAsync(connection, columns).ConfigureAwait(false) is not { } table)
            {
                TableOwnership.Check(connection, columns);
                return columns;
            }

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
                await connection.ScalarAsync($"SELECT {dialect.Quote("id")} FROM {dialect.Table(table)} LIMIT 1").ConfigureAwait(false);
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
        row.GetString(2),
        IsTrue(row.GetValue(3)),
        row.IsDBNull(4) ? null : Convert.ToInt32(row.GetValue(4), CultureInfo.InvariantCulture),
        IsTrue(row.GetValue(5))));

    private static bool IsTrue(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture) != 0;
}
