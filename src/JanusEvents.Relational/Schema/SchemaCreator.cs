using System.Data.Common;
using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>Creates the tables that are missing. Several hosts may do it at once.</summary>
internal static class SchemaCreator
{
    /// <summary>Every table, events first.</summary>
    public static IEnumerable<TableDefinition> Tables { get; } =
        [.. EventTables.All, FactTable.Definition, .. RecordTables.All, .. BookkeepingTables.All];

    // Events are stored without these.
    private static bool IsDispensable(TableDefinition table) => table == FactTable.Definition || RecordTables.All.Contains(table);

    /// <summary>Creates the tables that are missing; those that are there stay as they are.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="retention">How long rows are kept, for what must be known of a table from its beginning; null permanently.</param>
    /// <param name="time">The time of day for it.</param>
    /// <param name="notCreated">
    /// Takes the name of a table that cannot be created, but that events can be stored without, and the reason; null where that is
    /// nothing to report.
    /// </param>
    /// <returns>The names of the tables that were created.</returns>
    public static async Task<IReadOnlyList<string>> CreateMissingAsync(
        StoreConnection connection,
        CancellationToken cancellationToken,
        RetentionOptions? retention = null,
        TimeProvider? time = null,
        Action<string, DbException>? notCreated = null)
    {
        SqlDialect dialect = connection.Dialect;
        ILookup<string, ExistingColumn> existing =
            await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        DateTime now = (time ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        bool partitioned = retention is { PartitionByDay: true };
        List<string> created = [];
        foreach (TableDefinition table in Tables.Where(t => !existing.Contains(t.Name)))
        {
            // A server without partitions is not asked again.
            if (partitioned && table is EventTable)
                partitioned = await TryCreatePartitionedAsync(connection, table, now).ConfigureAwait(false);

            if (await TryCreateAsync(connection, table, notCreated).ConfigureAwait(false))
                created.Add(table.Name);
        }

        // Those that were there may be older.
        if (created.Count > 0 && !EventTables.All.Any(t => existing.Contains(t.Name)))
            await SchemaVersion.RecordAsync(connection).ConfigureAwait(false);
        await CounterRow.EnsureAsync(connection).ConfigureAwait(false);
        if (retention is { IsOn: true })
            await new Arrivals(dialect).BeginAsync(connection, created, now).ConfigureAwait(false);
        return created;
    }

    /// <summary>Creates a table, unless it is there by now.</summary>
    public static async Task CreateAsync(StoreConnection connection, TableDefinition table)
    {
        foreach (string statement in connection.Dialect.Create(table))
            await connection.DefineAsync(statement).ConfigureAwait(false);
    }

    /// <summary>The statement that creates a table with a partition for each day.</summary>
    public static string Partitioned(SqlDialect dialect, TableDefinition table, DateTime now) =>
        string.Concat(dialect.Create(DayColumn.AddTo(table))) + dialect.Partitions!.Clause(DayColumn.From(DateOnly.FromDateTime(now)));

    /// <returns>False where the database does not allow a table that events are stored without.</returns>
    private static async Task<bool> TryCreateAsync(StoreConnection connection, TableDefinition table, Action<string, DbException>? notCreated)
    {
        try
        {
            await CreateAsync(connection, table).ConfigureAwait(false);
            return true;
        }
        catch (DbException e) when (IsDispensable(table) && connection.Dialect.Classify(e) is FailureKind.Data or FailureKind.Statement)
        {
            // As where an index may not be as long as those on names are.
            notCreated?.Invoke(table.Name, e);
            return false;
        }
    }

    private static async Task<bool> TryCreatePartitionedAsync(StoreConnection connection, TableDefinition table, DateTime now)
    {
        try
        {
            await connection.DefineAsync(Partitioned(connection.Dialect, table, now)).ConfigureAwait(false);
            return true;
        }
        catch (DbException e) when (connection.Dialect.Partitions!.SaysThatThereAreNone(e))
        {
            return false;
        }
    }
}
