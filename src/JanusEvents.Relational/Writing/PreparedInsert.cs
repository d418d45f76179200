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
internal sealed class PreparedInsert : TableInsert
{
    // The most that a statement may have.
    private const int MaxPlaceholders = 65_535;

    // Longer statements save nothing more, and each costs its preparation on every new connection.
    private const int MaxRows = 128;

    // Up to so many rows there is a statement for each number; beyond, only for the powers of two.
    private const int MostExactRows = 16;

    private readonly WriterConnection _connection;
    private readonly SqlDialect _dialect;
    private readonly int _maxRows;
    private readonly DbCommand?[] _commands;

    public PreparedInsert(WriterConnection connection, SqlDialect dialect, TableDefinition table, string verb)
        : base(dialect, table, verb)
    {
        _connection = connection;
        _dialect = dialect;
        _maxRows = Fitting(Math.Min(MaxRows, MaxPlaceholders / table.Columns.Count));
        _commands = new DbCommand?[PlaceOf(_maxRows) + 1];
    }

    public override int NextCount(int rows, Func<int, long> bytesOf)
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

    public override async Task<int> ExecuteAsync(
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

    public override void Dispose()
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
