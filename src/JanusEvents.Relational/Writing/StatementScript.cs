using System.Data.Common;
using System.Globalization;
using System.Text;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// Statements that are sent to a server together, their values as parameters: for a few rows the way to the server and back
/// takes more time than all else. What fails ends the script, and those before it remain in the transaction.
/// </summary>
internal sealed class StatementScript(WriterConnection connection, SqlDialect dialect) : IDisposable
{
    // A prepared statement is cheaper by the value, a script by the statement.
    private const int MaxValuesOfInsert = 200;
    private const long MaxBytesOfInsert = 32 * 1024;

    private readonly StringBuilder _text = new();
    private readonly DbCommand _command = connection.Connection.CreateWritingCommand();
    private int _values;
    private long _bytes;

    /// <summary>Whether an INSERT is small enough to be one of the statements.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="bytes">How many bytes their texts have, at most.</param>
    public bool Takes(TableDefinition table, int rows, long bytes) =>
        rows * table.Columns.Count <= MaxValuesOfInsert
        && bytes <= MaxBytesOfInsert
        && _bytes + bytes <= connection.MaxStatementBytes / 4; // a text may be twice as long when it is escaped

    /// <summary>Adds a statement without values.</summary>
    public void Add(string statement) => _text.Append(statement).Append(';');

    /// <summary>Adds an INSERT.</summary>
    /// <param name="insert">Into what.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="bytes">How many bytes their texts have, at most.</param>
    /// <param name="value">A row's value for a column, by the row's place and the column's.</param>
    public void Add(TableInsert insert, int rows, long bytes, Func<int, int, object?> value)
    {
        _bytes += bytes;
        _text.Append(insert.Begin);
        int columns = insert.Table.Columns.Count;
        for (int row = 0; row < rows; row++)
        {
            _text.Append(row == 0 ? "(" : ",(");
            for (int column = 0; column < columns; column++)
            {
                DbParameter parameter = NextParameter();
                parameter.DbType = dialect.ParameterType(insert.Table.Columns[column].Kind);
                parameter.Value = dialect.ToParameter(value(row, column));
                _text.Append(column == 0 ? "" : ",").Append(parameter.ParameterName);
            }

            _text.Append(')');
        }

        _text.Append(';');
    }

    /// <summary>Sends what was added.</summary>
    /// <returns>How many rows were inserted.</returns>
    public async Task<int> ExecuteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
        _command.CommandText = _text.ToString();
#pragma warning restore CA2100
        Clear();
        return await _command.ExecuteNonQueryInTimeAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Forgets what was added.</summary>
    public void Clear()
    {
        _text.Clear();
        _values = 0;
        _bytes = 0;
    }

    public void Dispose() => _command.Dispose();

    private DbParameter NextParameter() => _values < _command.Parameters.Count
        ? _command.Parameters[_values++]
        : connection.AddParameter(_command, string.Create(CultureInfo.InvariantCulture, $"@p{_values++}"), ColumnKind.Integer);
}
