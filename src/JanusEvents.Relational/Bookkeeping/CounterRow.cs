using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Bookkeeping;

/// <summary>The row of the counter that numbers the rows of all tables of events.</summary>
internal static class CounterRow
{
    /// <summary>Its name.</summary>
    public const string Name = "rows";

    /// <summary>Creates it where it is missing, beyond every number that is there already. Several hosts may do it at once.</summary>
    public static async Task EnsureAsync(StoreConnection connection)
    {
        SqlDialect dialect = connection.Dialect;
        string counters = dialect.Table(BookkeepingTables.Counters);
        if (await connection.NumberAsync($"SELECT COUNT(*) FROM {counters} WHERE {dialect.Quote("name")} = '{Name}'").ConfigureAwait(false) > 0)
            return;

        long last = await LastNumberAsync(connection).ConfigureAwait(false);
        await connection.ExecuteAsync(
            $"{dialect.InsertOrIgnore} {counters} ({dialect.Quote("name")}, {dialect.Quote("next")}) VALUES ('{Name}', @next)",
            ("@next", ColumnKind.Integer, last + 1)).ConfigureAwait(false);
    }

    /// <summary>Moves it beyond every number that is there, where somebody else adds rows as well.</summary>
    public static async Task RaiseAsync(StoreConnection connection)
    {
        SqlDialect dialect = connection.Dialect;
        string last = (await LastNumberAsync(connection).ConfigureAwait(false)).ToString(CultureInfo.InvariantCulture);
        await connection.ExecuteAsync(
            $"UPDATE {dialect.Table(BookkeepingTables.Counters)} SET {dialect.Quote("next")} = {last} + 1 "
                + $"WHERE {dialect.Quote("name")} = '{Name}' AND {dialect.Quote("next")} <= {last}").ConfigureAwait(false);
    }

    private static async Task<long> LastNumberAsync(StoreConnection connection)
    {
        long last = 0;
        foreach (EventTable table in EventTables.All)
            last = Math.Max(last, await HighestAsync(connection, table, "id").ConfigureAwait(false));
        try
        {
            return Math.Max(last, await HighestAsync(connection, FactTable.Definition, "arrival").ConfigureAwait(false));
        }
        catch (DbException e) when (connection.Dialect.Classify(e) == FailureKind.MissingTable)
        {
            // Not every database allows it.
            return last;
        }
    }

    private static async Task<long> HighestAsync(StoreConnection connection, TableDefinition table, string number)
    {
        SqlDialect dialect = connection.Dialect;
        return await connection.SlowNumberAsync($"SELECT MAX({dialect.Quote(number)}) FROM {dialect.Table(table)}").ConfigureAwait(false) ?? 0;
    }
}
