using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Retention;

/// <summary>
/// Deletes the old rows of one table from the lowest number on, some at a time and by ranges of the primary key: a
/// transaction locks just the rows that it deletes, which nobody writes any more, and is over in a moment.
/// </summary>
internal sealed class OldRows
{
    /// <summary>How many rows a transaction deletes at the most.</summary>
    public const int MostAtOnce = 1000;

    private readonly SqlDialect _dialect;
    private readonly TableDefinition _table;
    private readonly string _id;
    private readonly string _deleteExtras;

    // Rows before it were deleted by this process. The database keeps the places of deleted rows for a while, and a
    // search from the beginning would pass over them all.
    private long _from;

    public OldRows(SqlDialect dialect, TableDefinition table)
    {
        _dialect = dialect;
        _table = table;
        _id = dialect.Quote(KeptTables.NumberOf(table));
        _deleteExtras =
            $"DELETE FROM {dialect.Table(BookkeepingTables.Extras)} WHERE {dialect.Quote("tablename")} = @table "
            + $"AND {dialect.Quote("row")} >= @first AND {dialect.Quote("row")} <= @last";
    }

    /// <summary>Begins at the lowest number again, where rows may have been added below.</summary>
    public void BeginAgain() => _from = 0;

    /// <summary>Deletes some of the rows that are old.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="old">Which are.</param>
    /// <param name="hasPart">Whether the table has a column for the parts of one event.</param>
    /// <returns>How many were deleted, and whether there may be more.</returns>
    public async Task<(int Deleted, bool More)> DeleteSomeAsync(StoreConnection connection, Oldness old, bool hasPart)
    {
        List<(long Id, bool? IsOld, long? Part)> rows = await ReadAsync(connection, old, hasPart).ConfigureAwait(false);
        int count = CountOld(rows, old.TimeColumn is not null);
        if (count == 0)
            return (0, false);

        long first = rows[0].Id;
        long last = rows[count - 1].Id;
        int deleted;
        StoreTransaction transaction = await connection.BeginAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            deleted = await connection.ExecuteAsync(
                $"DELETE FROM {old.Rows} WHERE {_id} >= @first AND {_id} <= @last",
                ("@first", ColumnKind.Integer, first),
                ("@last", ColumnKind.Integer, last)).ConfigureAwait(false);
            await connection.ExecuteAsync(
                _deleteExtras,
                ("@table", ColumnKind.Key, _table.Name),
                ("@first", ColumnKind.Integer, first),
                ("@last", ColumnKind.Integer, last)).ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
        }

        _from = last + 1;
        return (deleted, rows.Count > MostAtOnce);
    }

    /// <summary>How many of the first rows can go together.</summary>
    private static int CountOld(List<(long Id, bool? IsOld, long? Part)> rows, bool areJudged)
    {
        int count = rows.Count;
        if (areJudged)
        {
            // Up to the first that is not old. Rows without a time go with an old one that follows.
            int young = rows.FindIndex(r => r.IsOld == false);
            count = rows.Take(young < 0 ? count : young).ToList().FindLastIndex(r => r.IsOld == true) + 1;
        }

        if (count <= MostAtOnce)
            return count;

        // Never a part of an event without the others, nor one of its facts.
        int whole = MostAtOnce;
        while (whole > 0 && (rows[whole].Id == rows[whole - 1].Id || (rows[whole].Part is { } part && rows[whole - 1].Part == part - 1 && rows[whole - 1].Id == rows[whole].Id - 1)))
            whole--;
        return whole > 0 ? whole : MostAtOnce;
    }

    private Task<List<(long Id, bool? IsOld, long? Part)>> ReadAsync(StoreConnection connection, Oldness old, bool hasPart)
    {
        string isOld = old.TimeColumn is { } column ? $"{_dialect.Quote(column.Name)} < @before" : "NULL";
        string part = hasPart ? _dialect.Quote("part") : "NULL";
        string sql = $"SELECT {_id}, {isOld}, {part} FROM {old.Rows} WHERE {_id} >= @from AND {_id} <= @upto "
            + $"ORDER BY {_id} LIMIT {(MostAtOnce + 1).ToString(CultureInfo.InvariantCulture)}";
        (string, ColumnKind, object?) from = ("@from", ColumnKind.Integer, _from);
        (string, ColumnKind, object?) upTo = ("@upto", ColumnKind.Integer, old.UpTo);
        return old.TimeColumn is null
            ? connection.QueryAsync(sql, Row, from, upTo)
            : connection.QueryAsync(sql, Row, ("@before", old.TimeColumn.Kind, old.Before), from, upTo);

        static (long, bool?, long?) Row(DbDataReader row) =>
            (Number(row, 0)!.Value, Number(row, 1) is { } yes ? yes != 0 : null, Number(row, 2));
    }

    private static long? Number(DbDataReader reader, int column) =>
        reader.GetValue(column) is not DBNull and var value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
}

/// <summary>Which rows of a table are old enough to go.</summary>
/// <param name="Rows">The rows to look at, as they stand after FROM.</param>
/// <param name="UpTo">The highest number that may go.</param>
/// <param name="TimeColumn">
/// The column that has the age of a row, where the numbers do not: then they go from the lowest number up to the first
/// row that is not old. Null where all up to the number are old.
/// </param>
/// <param name="Before">The time before which a row is old.</param>
internal sealed record Oldness(string Rows, long UpTo, TableColumn? TimeColumn, DateTime Before);
