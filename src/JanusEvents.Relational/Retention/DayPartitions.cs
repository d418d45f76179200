using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Writing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Retention;

/// <summary>
/// Looks after the tables that are partitioned by the day of arrival: makes the partitions of the days to come while the
/// last one, which has no limit, is empty, and drops the days that are old.
/// </summary>
internal sealed class DayPartitions(SqlDialect dialect, RetentionOptions options, ILogger logger)
{
    /// <summary>How many rows of the last partition are divided among days at once; that takes less than a second.</summary>
    public const int MostToDivide = 10_000;

    // The clocks of hosts differ, and so do the days that they give to rows at midnight.
    private static readonly TimeSpan s_margin = TimeSpan.FromHours(1);

    private readonly PartitionSql _sql = dialect.Partitions!;
    private readonly HashSet<string> _warned = [];

    /// <summary>Brings the partitions of all tables up to date.</summary>
    /// <returns>
    /// The tables that have partitions, by name, each with the rows that must be deleted one by one all the same; null
    /// where there are none.
    /// </returns>
    public async Task<Dictionary<string, Oldness?>> UpdateAsync(WriterConnection connection, DateTime now)
    {
        ILookup<string, (string Name, DateOnly? Before)> all = await ListAsync(connection).ConfigureAwait(false);
        Dictionary<string, Oldness?> tables = new(StringComparer.OrdinalIgnoreCase);
        foreach (EventTable table in EventTables.All.Where(t => all.Contains(t.Name)))
        {
            tables.Add(table.Name, null);
            List<(string Name, DateOnly? Before)> partitions = [.. all[table.Name]];
            try
            {
                string? last = partitions.Find(p => p.Before is null).Name;
                if (!await MakeAheadAsync(connection, table, partitions, last, DateOnly.FromDateTime(now)).ConfigureAwait(false)
                    && options.DaysOf(table.Name) is { } keep)
                {
                    tables[table.Name] = new Oldness(
                        _sql.RowsOf(table, last!), long.MaxValue, DayColumn.Column, (now - s_margin).Date.AddDays(-keep));
                }

                await DropOldAsync(connection, table, partitions, now).ConfigureAwait(false);
            }
            catch (DbException e)
            {
                RetentionLog.PartitionsNotChanged(logger, table.Name, e);
            }
        }

        return tables;
    }

    /// <summary>Makes partitions for the days to come, and for those that the last partition has rows of.</summary>
    /// <returns>False when that has too many rows.</returns>
    private async Task<bool> MakeAheadAsync(
        WriterConnection connection,
        TableDefinition table,
        List<(string Name, DateOnly? Before)> partitions,
        string? last,
        DateOnly today)
    {
        DateOnly end = partitions.Max(p => p.Before) ?? DateOnly.MinValue;
        List<DateOnly> missing = [.. DayColumn.From(today).Where(day => day >= end)];
        if (missing.Count == 0)
            return true;

        List<(DateOnly Day, long Rows)> there =
            last is null ? [] : await CountByDayAsync(connection, table, last).ConfigureAwait(false);
        if (there.Any(d => d.Day == PartitionSql.NoDay))
        {
            // Somebody else added them; they are as good as of today.
            await GiveDayAsync(connection, table, today).ConfigureAwait(false);
            there = await CountByDayAsync(connection, table, last!).ConfigureAwait(false);
        }

        List<DateOnly> days = [.. there.Select(d => d.Day).Where(d => d != PartitionSql.NoDay).Union(missing).Order()];
        string statement = _sql.Add(table, last, days);
        if (there.Sum(d => d.Rows) > MostToDivide)
        {
            if (_warned.Add(table.Name))
                RetentionLog.TooManyRowsToDivide(logger, MostToDivide, table.Name, statement);
            return false;
        }

        await DefineAsync(connection, statement).ConfigureAwait(false);
        _warned.Remove(table.Name);
        RetentionLog.PartitionsMade(
            logger, table.Name, string.Join(", ", days.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))));
        return true;
    }

    private async Task DropOldAsync(
        WriterConnection connection,
        TableDefinition table,
        List<(string Name, DateOnly? Before)> partitions,
        DateTime now)
    {
        if (options.DaysOf(table.Name) is not { } keep)
            return;

        DateOnly end = DateOnly.FromDateTime((now - s_margin).AddDays(-keep));
        List<string> old = [.. partitions.Where(p => p.Before <= end).Select(p => p.Name)];
        if (old.Count == 0)
            return;

        await DefineAsync(connection, _sql.Drop(table, old)).ConfigureAwait(false);
        RetentionLog.PartitionsDropped(logger, string.Join(", ", old), table.Name);
        await ForgetExtrasAsync(connection, table).ConfigureAwait(false);
    }

    /// <summary>Removes what was kept beside rows that are gone.</summary>
    private async Task ForgetExtrasAsync(WriterConnection connection, TableDefinition table)
    {
        DbCommand first = connection.Statement($"SELECT MIN({dialect.Quote("id")}) FROM {dialect.Quote(table.Name)}");
        if (await first.ExecuteScalarInTimeAsync().ConfigureAwait(false) is not long id)
            return;

        DbCommand delete = connection.Statement(
            $"DELETE FROM {dialect.Quote(BookkeepingTables.Extras.Name)} WHERE {dialect.Quote("tablename")} = @table "
                + $"AND {dialect.Quote("row")} < @first LIMIT {OldRows.MostAtOnce}",
            ("@table", ColumnKind.Key, table.Name),
            ("@first", ColumnKind.Integer, id));
        while (await delete.ExecuteNonQueryInTimeAsync().ConfigureAwait(false) == OldRows.MostAtOnce)
        {
        }
    }

    private async Task<ILookup<string, (string Name, DateOnly? Before)>> ListAsync(WriterConnection connection)
    {
        List<(string Table, string Name, DateOnly? Before)> partitions = [];
        DbCommand list = connection.Statement(_sql.List);
        DbDataReader reader = await list.ExecuteReaderInTimeAsync().ConfigureAwait(false);
        using (reader)
        {
            while (await reader.ReadInTimeAsync(list).ConfigureAwait(false))
            {
                bool isDay = DateOnly.TryParseExact(
                    reader.GetString(2), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly before);
                partitions.Add((reader.GetString(0), reader.GetString(1), isDay ? before : null));
            }
        }

        return partitions.ToLookup(p => p.Table, p => (p.Name, p.Before), StringComparer.OrdinalIgnoreCase);
    }

    private async Task<List<(DateOnly Day, long Rows)>> CountByDayAsync(WriterConnection connection, TableDefinition table, string last)
    {
        string day = dialect.Quote(DayColumn.Column.Name);
        List<(DateOnly, long)> days = [];
        DbCommand count = connection.Statement(
            $"SELECT {day}, COUNT(*) FROM (SELECT {day} FROM {_sql.RowsOf(table, last)} LIMIT {MostToDivide + 1}) t GROUP BY {day}");
        DbDataReader reader = await count.ExecuteReaderInTimeAsync().ConfigureAwait(false);
        using (reader)
        {
            while (await reader.ReadInTimeAsync(count).ConfigureAwait(false))
                days.Add((DateOnly.FromDateTime(reader.GetDateTime(0)), reader.GetInt64(1)));
        }

        return days;
    }

    private async Task GiveDayAsync(WriterConnection connection, TableDefinition table, DateOnly today)
    {
        string day = dialect.Quote(DayColumn.Column.Name);
        DbCommand update = connection.Statement(
            $"UPDATE {dialect.Quote(table.Name)} SET {day} = @today WHERE {day} = @none LIMIT {OldRows.MostAtOnce}",
            ("@today", ColumnKind.Day, today.ToDateTime(TimeOnly.MinValue)),
            ("@none", ColumnKind.Day, PartitionSql.NoDay.ToDateTime(TimeOnly.MinValue)));
        while (await update.ExecuteNonQueryInTimeAsync().ConfigureAwait(false) == OldRows.MostAtOnce)
        {
        }
    }

    private static async Task DefineAsync(WriterConnection connection, string statement)
    {
        DbCommand command = connection.Connection.CreateDefiningCommand();
        using (command)
        {
#pragma warning disable CA2100 // The text is made of the table definitions, of days and of the names of partitions that are there.
            command.CommandText = statement;
#pragma warning restore CA2100
            await command.ExecuteNonQueryInTimeAsync().ConfigureAwait(false);
        }
    }
}
