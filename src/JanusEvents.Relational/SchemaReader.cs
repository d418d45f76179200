using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational;

/// <summary>Asks a database which tables and columns it has.</summary>
internal static class SchemaReader
{
    private const int MaxTries = 20;

    /// <summary>The columns of each table that is there, by the table's name.</summary>
    public static async Task<ILookup<string, ExistingColumn>> LoadAsync(
        DbConnection connection,
        SqlDialect dialect,
        CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            ILookup<string, ExistingColumn> columns = await ListAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
            if (!dialect.IsServer || await LeftOutAsync(connection, dialect, columns, cancellationToken).ConfigureAwait(false) is not { } table)
                return columns;
            if (attempt == MaxTries)
                throw new InvalidOperationException($"The database does not list the table {table}, though it is there. It is being changed, or hides one of the same name.");
        }
    }

    /// <summary>
    /// A table that was left out but is there. Servers do not list a table for a moment while its partitions are changed,
    /// and who believed that would read nothing of it. A question to the table itself waits until that is done.
    /// </summary>
    private static async Task<string?> LeftOutAsync(
        DbConnection connection,
        SqlDialect dialect,
        ILookup<string, ExistingColumn> columns,
        CancellationToken cancellationToken)
    {
        foreach (EventTable table in EventTables.All.Where(t => !columns.Contains(t.Name)))
        {
            DbCommand command = connection.CreateWritingCommand();
            using (command)
            {
#pragma warning disable CA2100 // The text is made of the table definitions, which no input reaches.
                command.CommandText = $"SELECT {dialect.Quote("id")} FROM {dialect.Quote(table.Name)} LIMIT 1";
#pragma warning restore CA2100
                try
                {
                    await command.ExecuteScalarInTimeAsync(cancellationToken).ConfigureAwait(false);
                    return table.Name;
                }
                catch (DbException e) when (dialect.Classify(e) == FailureKind.MissingTable)
                {
                    // It is not there.
                }
            }
        }

        return null;
    }

    private static async Task<ILookup<string, ExistingColumn>> ListAsync(
        DbConnection connection,
        SqlDialect dialect,
        CancellationToken cancellationToken)
    {
        List<(string Table, ExistingColumn Column)> columns = [];
        DbCommand command = connection.CreateWritingCommand();
        using (command)
        {
#pragma warning disable CA2100 // A constant of the dialect.
            command.CommandText = dialect.ListColumns;
#pragma warning restore CA2100
            DbDataReader reader = await command
                .ExecuteReaderInTimeAsync(cancellationToken).ConfigureAwait(false);
            using (reader)
            {
                while (await reader.ReadInTimeAsync(command, cancellationToken).ConfigureAwait(false))
                {
                    object digits = reader.GetValue(2);
                    columns.Add((reader.GetString(0), new ExistingColumn(
                        reader.GetString(1),
                        digits is DBNull ? null : Convert.ToInt32(digits, CultureInfo.InvariantCulture),
                        Convert.ToInt64(reader.GetValue(3), CultureInfo.InvariantCulture) != 0)));
                }
            }
        }

        return columns.ToLookup(c => c.Table, c => c.Column, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>How the tables of events are laid out there; those that are missing are left out.</summary>
    public static IReadOnlyDictionary<EventTable, TableLayout> Layouts(ILookup<string, ExistingColumn> columns) =>
        EventTables.All.Where(t => columns.Contains(t.Name)).ToDictionary(t => t, t => new TableLayout(t, [.. columns[t.Name]]));
}
