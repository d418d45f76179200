using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>
/// Moves what the table <c>extras</c> keeps of a published table's rows into the columns that the table has since its
/// upgrade: the event is put together as reading does it, and taken apart again for all columns. Each step is a
/// transaction of its own, and several may be at it.
/// </summary>
internal sealed class ExtrasMove
{
    private const int RowsAtOnce = 200;
    private const long BytesAtOnce = 4_000_000;

    private static readonly JanusEventParser s_parser = new(new JanusEventParserOptions { MaxDepth = RawJson.MaxDepth });

    private readonly SqlDialect _dialect;
    private readonly TableLayout _layout;
    private readonly string _find;
    private readonly string _read;
    private readonly string _update;
    private readonly string _updateRest;
    private readonly string _delete;

    public ExtrasMove(SqlDialect dialect, TableLayout layout)
    {
        _dialect = dialect;
        _layout = layout;
        string extras = dialect.Table(BookkeepingTables.Extras);
        string number = dialect.Quote("row");
        string extra = dialect.Quote("extra");
        string isOfTable = $"{dialect.Quote("tablename")} = '{Table.Name}'";
        _find =
            $"SELECT {number}, {dialect.Quote("part")}, LENGTH({extra}) FROM {extras} WHERE {isOfTable} ORDER BY {number} LIMIT "
            + RowsAtOnce.ToString(CultureInfo.InvariantCulture);
        _read =
            $"SELECT {string.Join(", ", ExtrasJoin.Columns(dialect, layout))} FROM {dialect.Table(Table)} t{ExtrasJoin.Of(dialect, Table)} "
            + $"WHERE t.{dialect.Quote("id")} = @id";
        IEnumerable<string> values = Table.Columns.Skip(1)
            .Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"{dialect.Quote(c.Name)} = @p{i + 1}"));
        _update = $"UPDATE {dialect.Table(Table)} SET {string.Join(", ", values)} WHERE {dialect.Quote("id")} = @p0";
        _updateRest = $"UPDATE {dialect.Table(Table)} SET {string.Join(", ", RestColumns.Select(c => $"{dialect.Quote(c.Name)} = @{c.Name}"))} "
            + $"WHERE {dialect.Quote("id")} = @id";
        _delete = $"DELETE FROM {extras} WHERE {isOfTable} AND {number} = @row";
    }

    private EventTable Table => _layout.Table;

    // The columns of a row that extras keeps.
    private IEnumerable<TableColumn> RestColumns => Table.Columns.Where(c => c.Name is "part" or "extra");

    /// <summary>Moves what belongs to some rows.</summary>
    /// <returns>How many entries are gone from <c>extras</c>; 0 when there are none.</returns>
    public async Task<int> StepAsync(StoreConnection connection)
    {
        List<List<long>> events = [];
        StoreTransaction transaction = await connection.BeginAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            events = await FindAsync(connection).ConfigureAwait(false);
            foreach (List<long> rows in events)
                await MoveAsync(connection, rows).ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
        }

        return events.Sum(e => e.Count);
    }

    /// <summary>The next rows, those of one event together.</summary>
    private async Task<List<List<long>>> FindAsync(StoreConnection connection)
    {
        List<(long Row, long? Part, long Bytes)> found = await connection.QueryAsync(
            _find,
            row => (Number(row.GetValue(0))!.Value, Number(row.GetValue(1)), Number(row.GetValue(2)) ?? 0)).ConfigureAwait(false);
        List<List<long>> events = [];
        long bytes = 0;
        long? previous = null;
        foreach ((long row, long? part, long length) in found)
        {
            bool goesOn = part is not null && part == previous + 1 && events[^1][^1] == row - 1;
            if (!goesOn && bytes > BytesAtOnce)
                return events;

            if (goesOn)
                events[^1].Add(row);
            else
                events.Add([row]);
            previous = part;
            bytes += length;
        }

        // The last may have further parts.
        if (found.Count == RowsAtOnce && events.Count > 1)
            events.RemoveAt(events.Count - 1);
        return events;
    }

    private async Task MoveAsync(StoreConnection connection, List<long> numbers)
    {
        List<object?[]> rows = [];
        foreach (long number in numbers)
        {
            // One that is gone was deleted since.
            if (await ReadAsync(connection, number).ConfigureAwait(false) is { } row)
                rows.Add(row);
        }

        List<object?[]>? taken = Take(rows, complete: rows.Count == numbers.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            if (taken is null || !await TryUpdateAsync(connection, taken[i]).ConfigureAwait(false))
                await UpdateRestAsync(connection, rows[i]).ConfigureAwait(false);
        }

        foreach (long number in numbers)
        {
            await connection.ExecuteAsync(_delete, ("@row", ColumnKind.Integer, number)).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The rows as they would be written now; null where they are no whole event, or another program changed them. Such rows keep
    /// their columns and get the rest as it is, which is read back equal as well.
    /// </summary>
    private List<object?[]>? Take(List<object?[]> rows, bool complete)
    {
        if (!complete || rows.Count == 0)
            return null;

        IReadOnlyList<JanusEvent> events = s_parser.Parse(EventJson.Write(Table, rows, out string? fault)).Events;
        List<object?[]> taken = [];
        for (int i = 0; i < events.Count && events.Count == rows.Count && fault is null; i++)
        {
            if (EventTables.For(events[i]) == Table && (events[i] as MediaStatsEvent)?.Part == PartOf(rows[i]))
                taken.Add(EventRow.Of(events[i], _layout, (long)rows[i][0]!).Values);
        }

        return taken.Count == rows.Count ? taken : null;
    }

    private long? PartOf(object?[] row)
    {
        for (int i = 0; i < Table.EventColumns.Count; i++)
        {
            if (Table.EventColumns[i].Name == "part")
                return row[i + 1] as long?;
        }

        return null;
    }

    private async Task<object?[]?> ReadAsync(StoreConnection connection, long number)
    {
        List<object?[]> rows = await connection.QueryAsync<object?[]>(
            _read,
            row => [.. Table.Columns.Select((c, i) => EventJson.FromDatabase(c.Kind, _dialect.ValueOf(row, i)))],
            ("@id", ColumnKind.Integer, number)).ConfigureAwait(false);
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <summary>Writes a row anew, unless a column of somebody else's takes less than ours would.</summary>
    private async Task<bool> TryUpdateAsync(StoreConnection connection, object?[] row)
    {
        (string, ColumnKind, object?)[] parameters =
            [.. Table.Columns.Select((c, i) => (string.Create(CultureInfo.InvariantCulture, $"@p{i}"), c.Kind, row[i]))];
        try
        {
            await connection.ExecuteAsync(_update, parameters).ConfigureAwait(false);
            return true;
        }
        catch (DbException e) when (_dialect.Classify(e) == FailureKind.Data)
        {
            return false;
        }
    }

    private async Task UpdateRestAsync(StoreConnection connection, object?[] row)
    {
        (string, ColumnKind, object?)[] parameters =
        [
            ("@id", ColumnKind.Integer, row[0]),
            .. Table.Columns.Index().Where(c => RestColumns.Contains(c.Item)).Select(c => ($"@{c.Item.Name}", c.Item.Kind, row[c.Index] is ForeignValue ? null : row[c.Index])),
        ];
        await connection.ExecuteAsync(_updateRest, parameters).ConfigureAwait(false);
    }

    private static long? Number(object value) => value is DBNull ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
