using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Bookkeeping;

/// <summary>
/// Records from time to time how far each table has come. Numbers grow with the arrival of rows, and so show how old a row
/// is at least, whatever the clocks of the servers that sent the events say.
/// </summary>
internal sealed class Arrivals(SqlDialect dialect)
{
    private readonly string _table = dialect.Table(BookkeepingTables.Arrivals);
    private readonly string _name = dialect.Quote("tablename");
    private readonly string _row = dialect.Quote("row");
    private readonly string _noted = dialect.Quote("noted");
    private readonly string _insert =
        $"{dialect.InsertOrIgnore} {dialect.Table(BookkeepingTables.Arrivals)} "
        + $"({dialect.Quote("tablename")}, {dialect.Quote("row")}, {dialect.Quote("noted")}) VALUES (@table, @row, @noted)";

    /// <summary>Records that tables which were just created are empty, so that the arrival of all of their rows is known.</summary>
    public async Task BeginAsync(StoreConnection connection, IEnumerable<string> tables, DateTime now)
    {
        foreach (string table in tables.Where(name => KeptTables.Numbered.Any(t => t.Name == name)))
            await RecordAsync(connection, table, 0, now).ConfigureAwait(false);
    }

    /// <summary>Records the highest number of a table, unless it is recorded already.</summary>
    public async Task NoteAsync(StoreConnection connection, TableDefinition table, DateTime now)
    {
        long highest = await connection.NumberAsync(
            $"SELECT MAX({dialect.Quote(KeptTables.NumberOf(table))}) FROM {dialect.Table(table)}").ConfigureAwait(false) ?? 0;
        long? latest = await connection.NumberAsync(
            $"SELECT MAX({_row}) FROM {_table} WHERE {_name} = @table",
            ("@table", ColumnKind.Key, table.Name)).ConfigureAwait(false);

        // A table that was emptied says nothing new.
        if (!(highest <= latest))
            await RecordAsync(connection, table.Name, highest, now).ConfigureAwait(false);
    }

    /// <summary>The number up to which all rows of a table had arrived before a time; null where that is not known.</summary>
    /// <remarks>Only up to the first record that is later: one host whose clock is slow does not make rows old.</remarks>
    public Task<long?> ReadLastBeforeAsync(StoreConnection connection, TableDefinition table, DateTime time) =>
        connection.NumberAsync(
            $"SELECT MAX({_row}) FROM {_table} WHERE {_name} = @table AND {_row} < COALESCE("
                + $"(SELECT MIN({_row}) FROM {_table} WHERE {_name} = @table2 AND {_noted} > @time), @most)",
            ("@table", ColumnKind.Key, table.Name),
            ("@table2", ColumnKind.Key, table.Name),
            ("@time", ColumnKind.Time, time),
            ("@most", ColumnKind.Integer, long.MaxValue));

    /// <summary>The first number that was recorded: rows up to it may have been there before.</summary>
    public Task<long?> ReadFirstAsync(StoreConnection connection, TableDefinition table) =>
        connection.NumberAsync($"SELECT MIN({_row}) FROM {_table} WHERE {_name} = @table", ("@table", ColumnKind.Key, table.Name));

    /// <summary>Removes the records before one, whose rows are gone.</summary>
    public Task DeleteBeforeAsync(StoreConnection connection, TableDefinition table, long row) =>
        connection.ExecuteAsync(
            $"DELETE FROM {_table} WHERE {_name} = @table AND {_row} < @row",
            ("@table", ColumnKind.Key, table.Name),
            ("@row", ColumnKind.Integer, row));

    private Task<int> RecordAsync(StoreConnection connection, string table, long highest, DateTime now) =>
        connection.ExecuteAsync(
            _insert,
            ("@table", ColumnKind.Key, table),
            ("@row", ColumnKind.Integer, highest),
            ("@noted", ColumnKind.Time, now));
}
