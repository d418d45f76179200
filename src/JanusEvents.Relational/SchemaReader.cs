using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational;

/// <summary>Asks a database which tables and columns it has.</summary>
internal static class SchemaReader
{
    /// <summary>The columns of each table that is there, by the table's name.</summary>
    public static async Task<ILookup<string, ExistingColumn>> LoadAsync(
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
                        digits is DBNull ? null : Convert.ToInt32(digits, CultureInfo.InvariantCulture))));
                }
            }
        }

        return columns.ToLookup(c => c.Table, c => c.Column, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>How the tables of events are laid out there; those that are missing are left out.</summary>
    public static IReadOnlyDictionary<EventTable, TableLayout> Layouts(ILookup<string, ExistingColumn> columns) =>
        EventTables.All.Where(t => columns.Contains(t.Name)).ToDictionary(t => t, t => new TableLayout(t, [.. columns[t.Name]]));
}
