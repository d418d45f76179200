using System.Data.Common;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Retention;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational;

/// <summary>Makes the tables that are missing. Several hosts may do it at once.</summary>
internal static class SchemaCreator
{
    /// <summary>Every table, events first.</summary>
    public static IEnumerable<TableDefinition> Tables => EventTables.All.Append(FactTable.Definition).Concat(BookkeepingTables.All);

    /// <summary>Makes the tables that are missing; those that are there stay as they are.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="dialect">The kind of database.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="retention">How long rows are kept, for what must be known of a table from its beginning; null for ever.</param>
    /// <param name="time">The time of day for it.</param>
    /// <returns>The names of the tables that were missing.</returns>
    public static async Task<IReadOnlyList<string>> CreateMissingAsync(
        DbConnection connection,
        SqlDialect dialect,
        CancellationToken cancellationToken,
        RetentionOptions? retention = null,
        TimeProvider? time = null)
    {
        ILookup<string, ExistingColumn> existing =
            await SchemaReader.LoadAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
        DateTime now = (time ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        bool partitioned = retention is { PartitionByDay: true };
        List<string> created = [];
        foreach (TableDefinition table in Tables.Where(t => !existing.Contains(t.Name)))
        {
            // A server without partitions is not asked again.
            if (partitioned && table is EventTable)
                partitioned = await TryCreatePartitionedAsync(connection, dialect, table, now, cancellationToken).ConfigureAwait(false);

            // Makes nothing where the table is there by now.
            foreach (string statement in dialect.Create(table))
                await ExecuteAsync(connection, statement, cancellationToken).ConfigureAwait(false);
            created.Add(table.Name);
        }

        // Those that were there may be older.
        if (created.Count > 0 && !EventTables.All.Any(t => existing.Contains(t.Name)))
            await SchemaVersion.RecordAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
        await CounterRow.EnsureAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
        if (retention is { IsOn: true })
            await Arrivals.BeginAsync(connection, dialect, created, now, cancellationToken).ConfigureAwait(false);
        return created;
    }

    /// <summary>The statement that makes a table with a partition for each day.</summary>
    public static string Partitioned(SqlDialect dialect, TableDefinition table, DateTime now) =>
        string.Concat(dialect.Create(DayColumn.AddTo(table))) + dialect.Partitions!.Clause(DayColumn.From(DateOnly.FromDateTime(now)));

    private static async Task<bool> TryCreatePartitionedAsync(
        DbConnection connection,
        SqlDialect dialect,
        TableDefinition table,
        DateTime now,
        CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, Partitioned(dialect, table, now), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DbException e) when (dialect.Partitions!.SaysThatThereAreNone(e))
        {
            return false;
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string statement, CancellationToken cancellationToken)
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
}
