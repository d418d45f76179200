using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Writing;

namespace JanusEvents.Relational.Retention;

/// <summary>
/// Notes from time to time how far each table has come. Numbers grow with the arrival of rows, and so tell how old a row
/// is at least, whatever the clocks of the servers that sent the events say.
/// </summary>
internal sealed class Arrivals(SqlDialect dialect)
{
    private readonly string _table = dialect.Quote(BookkeepingTables.Arrivals.Name);
    private readonly string _name = dialect.Quote("tablename");
    private readonly string _row = dialect.Quote("row");
    private readonly string _noted = dialect.Quote("noted");
    private readonly string _insert =
        $"{dialect.InsertOrIgnore} {dialect.Quote(BookkeepingTables.Arrivals.Name)} "
        + $"({dialect.Quote("tablename")}, {dialect.Quote("row")}, {dialect.Quote("noted")}) VALUES (@table, @row, @noted)";

    /// <summary>Notes that tables which were just made are empty, so that the arrival of all of their rows is known.</summary>
    public static async Task BeginAsync(
        DbConnection connection,
        SqlDialect dialect,
        IEnumerable<string> tables,
        DateTime now,
        CancellationToken cancellationToken)
    {
        Arrivals arrivals = new(dialect);
        foreach (string table in tables.Where(name => KeptTables.All.Any(t => t.Name == name)))
        {
            DbCommand command = connection.CreateWritingCommand();
            using (command)
            {
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
                command.CommandText = arrivals._insert;
#pragma warning restore CA2100
                Add(command, "@table", ColumnKind.Key, table);
                Add(command, "@row", ColumnKind.Integer, 0L);
                Add(command, "@noted", ColumnKind.Time, now);
                await command.ExecuteNonQueryInTimeAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        void Add(DbCommand command, string name, ColumnKind kind, object value)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.DbType = dialect.ParameterType(kind);
            parameter.Value = dialect.ToParameter(value);
            command.Parameters.Add(parameter);
        }
    }

    /// <summary>Notes the highest number of a table, unless it is noted already.</summary>
    public async Task NoteAsync(WriterConnection connection, TableDefinition table, DateTime now)
    {
        long highest = await NumberAsync(connection.Statement(
            $"SELECT MAX({dialect.Quote(KeptTables.NumberOf(table))}) FROM {dialect.Quote(table.Name)}")).ConfigureAwait(false) ?? 0;
        long? latest = await NumberAsync(connection.Statement(
            $"SELECT MAX({_row}) FROM {_table} WHERE {_name} = @table",
            ("@table", ColumnKind.Key, table.Name))).ConfigureAwait(false);

        // A table that was emptied says nothing new.
        if (highest <= latest)
            return;

        DbCommand insert = connection.Statement(
            _insert,
            ("@table", ColumnKind.Key, table.Name),
            ("@row", ColumnKind.Integer, highest),
            ("@noted", ColumnKind.Time, now));
        await insert.ExecuteNonQueryInTimeAsync().ConfigureAwait(false);
    }

    /// <summary>The number up to which all rows of a table had arrived before a time; null where that is not known.</summary>
    /// <remarks>Only up to the first note that is later: one host whose clock is slow does not make rows old.</remarks>
    public Task<long?> ReadLastBeforeAsync(WriterConnection connection, TableDefinition table, DateTime time) =>
        NumberAsync(connection.Statement(
            $"SELECT MAX({_row}) FROM {_table} WHERE {_name} = @table AND {_row} < COALESCE("
                + $"(SELECT MIN({_row}) FROM {_table} WHERE {_name} = @table2 AND {_noted} > @time), @most)",
            ("@table", ColumnKind.Key, table.Name),
            ("@table2", ColumnKind.Key, table.Name),
            ("@time", ColumnKind.Time, time),
            ("@most", ColumnKind.Integer, long.MaxValue)));

    /// <summary>The first number that was noted: rows up to it may have been there before anybody took notes.</summary>
    public Task<long?> ReadFirstAsync(WriterConnection connection, TableDefinition table) =>
        NumberAsync(connection.Statement(
            $"SELECT MIN({_row}) FROM {_table} WHERE {_name} = @table", ("@table", ColumnKind.Key, table.Name)));

    /// <summary>Forgets the notes before one, whose rows are gone.</summary>
    public async Task ForgetBeforeAsync(WriterConnection connection, TableDefinition table, long row)
    {
        DbCommand delete = connection.Statement(
            $"DELETE FROM {_table} WHERE {_name} = @table AND {_row} < @row",
            ("@table", ColumnKind.Key, table.Name),
            ("@row", ColumnKind.Integer, row));
        await delete.ExecuteNonQueryInTimeAsync().ConfigureAwait(false);
    }

    private static async Task<long?> NumberAsync(DbCommand command)
    {
        object? value = await command.ExecuteScalarInTimeAsync().ConfigureAwait(false);
        return value is null or DBNull ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
    }
}
