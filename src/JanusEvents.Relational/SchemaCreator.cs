using System.Data.Common;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational;

/// <summary>Makes the tables that are missing. Several hosts may do it at once.</summary>
internal static class SchemaCreator
{
    /// <summary>Every table, events first.</summary>
    public static IEnumerable<TableDefinition> Tables => EventTables.All.Concat(BookkeepingTables.All);

    /// <summary>Makes the tables that are missing; those that are there stay as they are.</summary>
    /// <returns>The names of the tables that were missing.</returns>
    public static async Task<IReadOnlyList<string>> CreateMissingAsync(
        DbConnection connection,
        SqlDialect dialect,
        CancellationToken cancellationToken)
    {
        HashSet<string> existing = await ListAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
        List<string> created = [];
        foreach (TableDefinition table in Tables.Where(t => !existing.Contains(t.Name)))
        {
            foreach (string statement in dialect.Create(table))
            {
                DbCommand command = connection.CreateDefiningCommand();
                await using (command.ConfigureAwait(false))
                {
#pragma warning disable CA2100 // The text is made of the table definitions, which no input reaches.
                    command.CommandText = statement;
#pragma warning restore CA2100
                    await command.ExecuteNonQueryAsync(cancellationToken).InTimeAsync(command).ConfigureAwait(false);
                }
            }

            created.Add(table.Name);
        }

        return created;
    }

    private static async Task<HashSet<string>> ListAsync(
        DbConnection connection,
        SqlDialect dialect,
        CancellationToken cancellationToken)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        DbCommand command = connection.CreateWritingCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = dialect.ListTables;
            DbDataReader reader = await command
                .ExecuteReaderAsync(cancellationToken).InTimeAsync(command).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).InTimeAsync(command).ConfigureAwait(false))
                    names.Add(reader.GetString(0));
            }
        }

        return names;
    }
}
