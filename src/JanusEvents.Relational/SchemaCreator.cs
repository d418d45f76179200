using System.Data.Common;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational;

/// <summary>Makes the tables that are missing. Several hosts may do it at once.</summary>
internal static class SchemaCreator
{
    /// <summary>Every table, events first.</summary>
    public static IEnumerable<TableDefinition> Tables => EventTables.All.Append(FactTable.Definition).Concat(BookkeepingTables.All);

    /// <summary>Makes the tables that are missing; those that are there stay as they are.</summary>
    /// <returns>The names of the tables that were missing.</returns>
    public static async Task<IReadOnlyList<string>> CreateMissingAsync(
        DbConnection connection,
        SqlDialect dialect,
        CancellationToken cancellationToken)
    {
        ILookup<string, ExistingColumn> existing =
            await SchemaReader.LoadAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
        List<string> created = [];
        foreach (TableDefinition table in Tables.Where(t => !existing.Contains(t.Name)))
        {
            foreach (string statement in dialect.Create(table))
            {
                DbCommand command = connection.CreateDefiningCommand();
                using (command)
                {
#pragma warning disable CA2100 // The text is made of the table definitions, which no input reaches.
                    command.CommandText = statement;
#pragma warning restore CA2100
                    await command.ExecuteNonQueryInTimeAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            created.Add(table.Name);
        }

        // Those that were there may be older.
        if (created.Count > 0 && !EventTables.All.Any(t => existing.Contains(t.Name)))
            await SchemaVersion.RecordAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
        await CounterRow.EnsureAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
        return created;
    }
}
