using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Text;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Inserts rows into one table on one connection, with prepared statements of 1 to 16, 32, 64 … rows whose parameters are
/// used again and again. A batch has few rows for most tables, and each statement is a round trip.
/// </summary>
internal sealed class TableInsert : IDisposable
{
    // What a value takes in a packet beside its text or bytes, at most.
    private const int BytesPerValue = 16;

    // Up to so many rows there is a statement for each number; beyond, only for the powers of two.
    private const int MostExactRows = 16;

    private readonly WriterConnection _connection;
    private readonly SqlDialect _dialect;
    private readonly int _maxRows;
    private readonly DbCommand?[] _commands;

    public TableInsert(WriterConnection connection, SqlDialect dialect, TableDefinition table, string verb)
    {
        _connection = connection;
        _dialect = dialect;
        Table = table;
        Begin = $"{verb} {dialect.Quote(table.Name)} ({string.Join(", ", table.Columns.Select(c => dialect.Quote(c.Name)))}) VALUES ";
        _maxRows = Fitting(Math.Min(dialect.MaxRowsPerInsert, dialect.MaxParameters / table.Columns.Count));
        _commands = new DbCommand?[PlaceOf(_maxRows) + 1];
    }

    /// <summary>The table.</summary>
    public TableDefinition Table { get; }

    /// <summary>The statement up to its values.</summary>
    public string Begin { get; }

    /// <summary>How many bytes a row takes in a packet beside its texts and bytes, at most.</summary>
    public int BytesPerRow => Table.Columns.Count * BytesPerValue;

    /// <summary>
    /// How many rows the next statement takes: as many as there are, as its size allows, and as one of the prepared
    /// statements has.
    /// </summary>
    /// <param name="rows">How many rows are left.</param>
    /// <param name="bytesOf">How many bytes the texts of a row have, at most, by its place among those left.</param>
    public int NextCount(int rows, Func<int, long> bytesOf)
    {
        int most = Math.Min(rows, _maxRows);
        long bytes = 0;
        for (int i = 0; i < most; i++)
        {
            bytes += bytesOf(i) + BytesPerRow;
            if (bytes > _connection.MaxStatementBytes)
                most = Math.Max(1, i);
        }

        return Fitting(most);
    }

    /// <summary>Inserts as many rows as <see cref="NextCount"/> said.</summary>
    /// <param name="count">How many rows: a number for which there is a statement.</param>
    /// <param name="value">A row's value for a column, by the row's place and the column's.</param>
    /// <param name="cancellationToken">
    /// Ends a write that the host gives up, before the statement: one that runs is left to its time-out, since cancelling
    /// it would leave the state of the connection to the driver.
    /// </param>
    /// <returns>How many rows were inserted.</returns>
    public async Task<int> ExecuteAsync(
        int count,
        Func<int, int, object?> value,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DbCommand command = await CommandAsync(count).ConfigureAwait(false);
        int columns = Table.Columns.Count;
        for (int row = 0; row < count; row++)
        {
            for (int column = 0; column < columns; column++)
                command.Parameters[(row * columns) + column].Value = _dialect.ToParameter(value(row, column));
        }

        return await command.ExecuteNonQueryInTimeAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (DbCommand? command in _commands)
            command?.Dispose();
    }

    /// <summary>The most rows, of so many, for which there is one statement.</summary>
    private static int Fitting(int rows) => rows <= MostExactRows ? rows : 1 << BitOperations.Log2((uint)rows);

    /// <summary>Where the statement for a number of rows is kept.</summary>
    private static int PlaceOf(int rows) =>
        rows <= MostExactRows ? rows - 1 : MostExactRows - 1 + BitOperations.Log2((uint)(rows / MostExactRows));

    private async Task<DbCommand> CommandAsync(int count)
    {
        int place = PlaceOf(count);
        if (_commands[place] is { } prepared)
            return prepared;

        DbCommand command = _connection.Connection.CreateWritingCommand();
        StringBuilder text = new(Begin);
        for (int row = 0; row < count; row++)
        {
            text.Append(row == 0 ? "(" : ", (");
            for (int column = 0; column < Table.Columns.Count; column++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"@p{(row * Table.Columns.Count) + column}");
                _connection.AddParameter(command, name, Table.Columns[column].Kind);
                text.Append(column == 0 ? "" : ", ").Append(name);
            }

            text.Append(')');
        }

        command.CommandText = text.ToString();
        await command.PrepareInTimeAsync().ConfigureAwait(false);
        return _commands[place] = command;
    }
}
