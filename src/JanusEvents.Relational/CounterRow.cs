using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational;

/// <summary>The row of the counter that numbers the rows of all tables of events.</summary>
internal static class CounterRow
{
    /// <summary>Its name.</summary>
    public const string Name = "rows";

    /// <summary>Makes it where it is missing, beyond every number that is there already. Several hosts may do it at once.</summary>
    public static async Task EnsureAsync(DbConnection connection, SqlDialect dialect, CancellationToken cancellationToken)
    {
        long? there = await ScalarAsync(
            connection,
            $"SELECT COUNT(*) FROM {dialect.Quote(BookkeepingTables.Counters.Name)} WHERE {dialect.Quote("name")} = '{Name}'",
            cancellationToken).ConfigureAwait(false);
        if (there > 0)
            return;

        long last = await LastNumberAsync(connection, dialect, cancellationToken).ConfigureAwait(false);
        await ScalarAsync(
            connection,
            $"{dialect.InsertOrIgnore} {dialect.Quote(BookkeepingTables.Counters.Name)} ({dialect.Quote("name")}, {dialect.Quote("next")}) "
                + $"VALUES ('{Name}', {(last + 1).ToString(CultureInfo.InvariantCulture)})",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Moves it beyond every number that is there, where somebody else adds rows as well.</summary>
    public static async Task RaiseAsync(DbConnection connection, SqlDialect dialect, CancellationToken cancellationToken)
    {
        string last = (await LastNumberAsync(connection, dialect, cancellationToken).ConfigureAwait(false))
            .ToString(CultureInfo.InvariantCulture);
        await ScalarAsync(
            connection,
            $"UPDATE {dialect.Quote(BookkeepingTables.Counters.Name)} SET {dialect.Quote("next")} = {last} + 1 "
                + $"WHERE {dialect.Quote("name")} = '{Name}' AND {dialect.Quote("next")} <= {last}",
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task<long> LastNumberAsync(DbConnection connection, SqlDialect dialect, CancellationToken cancellationToken)
    {
        long last = 0;
        foreach ((string table, string number) in EventTables.All.Select(t => (t.Name, "id")).Append((FactTable.Definition.Name, "arrival")))
        {
            last = Math.Max(last, await ScalarAsync(
                connection,
                $"SELECT MAX({dialect.Quote(number)}) FROM {dialect.Quote(table)}",
                cancellationToken).ConfigureAwait(false) ?? 0);
        }

        return last;
    }

    private static async Task<long?> ScalarAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        DbCommand command = connection.CreateDefiningCommand();
        using (command)
        {
#pragma warning disable CA2100 // The text is made of the table definitions and of numbers.
            command.CommandText = sql;
#pragma warning restore CA2100
            object? value = await command.ExecuteScalarInTimeAsync(cancellationToken).ConfigureAwait(false);
            return value is null or DBNull ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
        }
    }
}
