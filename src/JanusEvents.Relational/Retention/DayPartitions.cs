using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
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
    public async Task<Dictionary<string, Oldness?>> UpdateAsync(StoreConnection connection, DateTime now)
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
        StoreConnection connection,
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

        await connection.DefineAsync(statement).ConfigureAwait(false);
        _warned.Remove(table.Name);
        RetentionLog.PartitionsMade(
            logger, table.Name, string.Join(", ", days.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))));
        return true;
    }

    private async Task DropOldAsync(
        StoreConnection connection,
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

        await connection.DefineAsync(_sql.Drop(table, old)).ConfigureAwait(false);
        RetentionLog.PartitionsDropped(logger, string.Join(", ", old), table.Name);
        await DeleteExtrasAsync(connection, table).ConfigureAwait(false);
    }

    /// <summary>Removes what was kept beside rows that are gone.</summary>
    private async Task DeleteExtrasAsync(StoreConnection connection, TableDefinition table)
    {
        if (await connection.NumberAsync($"SELECT MIN({dialect.Quote("id")}) FROM {dialect.Table(table)}").ConfigureAwait(false) is not { } first)
            return;

        string delete = $"DELETE FROM {dialect.Table(BookkeepingTables.Extras)} WHERE {dialect.Quote("tablename")} = @table "
            + $"AND {dialect.Quote("row")} < @first LIMIT {OldRows.MostAtOnce}";
        while (await connection.ExecuteAsync(
            delete,
            ("@table", ColumnKind.Key, table.Name),
            ("@first", ColumnKind.Integer, first)).ConfigureAwait(false) == OldRows.MostAtOnce)
        {
        }
    }

    private async Task<ILookup<string, (string Name, DateOnly? Before)>> ListAsync(StoreConnection connection)
    {
        List<(string Table, string Name, string Before)> partitions = await connection.QueryAsync(
            _sql.List, row => (row.GetString(0), row.GetString(1), row.GetString(2))).ConfigureAwait(false);
        return partitions.Where(p => dialect.OwnName(p.Table) is not null)
            .ToLookup(p => dialect.OwnName(p.Table)!, p => (p.Name, DayOf(p.Before)), StringComparer.OrdinalIgnoreCase);

        static DateOnly? DayOf(string text) =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;
    }

    private Task<List<(DateOnly Day, long Rows)>> CountByDayAsync(StoreConnection connection, TableDefinition table, string last)
    {
        string day = dialect.Quote(DayColumn.Column.Name);
        return connection.QueryAsync(
            $"SELECT {day}, COUNT(*) FROM (SELECT {day} FROM {_sql.RowsOf(table, last)} LIMIT {MostToDivide + 1}) t GROUP BY {day}",
            row => (DateOnly.FromDateTime(row.GetDateTime(0)), row.GetInt64(1)));
    }

    private async Task GiveDayAsync(StoreConnection connection, TableDefinition table, DateOnly today)
    {
        string day = dialect.Quote(DayColumn.Column.Name);
        string update = $"UPDATE {dialect.Table(table)} SET {day} = @today WHERE {day} = @none LIMIT {OldRows.MostAtOnce}";
        while (await connection.ExecuteAsync(
            update,
            ("@today", ColumnKind.Day, today.ToDateTime(TimeOnly.MinValue)),
            ("@none", ColumnKind.Day, PartitionSql.NoDay.ToDateTime(TimeOnly.MinValue))).ConfigureAwait(false) == OldRows.MostAtOnce)
        {
        }
    }
}
