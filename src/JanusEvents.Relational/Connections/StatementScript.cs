using System.Data.Common;
using System.Text;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>
/// Statements that are sent to a server together, their values as parameters: for a few rows the way to the server and back
/// takes more time than all else. A failure ends the script, and those before it remain in the transaction.
/// </summary>
internal sealed class StatementScript(StoreConnection connection) : IDisposable
{
    // The driver writes a value as text with less work than as a parameter of a prepared statement; the server reads it with
    // more. What a host's usual batch has in one table is a part of the text; a spool's batch of thousands is not.
    private const int MaxValuesOfInsert = 8000;
    private const long MaxBytesOfInsert = 256 * 1024;

    private readonly StringBuilder _text = new();
    private readonly DbCommand _command = connection.CreateWriting();
    private int _values;
    private long _bytes;

    /// <summary>Begins anew with a statement without values, whatever was added before.</summary>
    public void Begin(string statement)
    {
        Clear();
        Add(statement);
    }

    /// <summary>Adds a statement without values.</summary>
    public void Add(string statement) => _text.Append(statement).Append(';');

    /// <summary>Adds an INSERT if it is small enough to be one of the statements; if not, sends all before it.</summary>
    /// <param name="insert">Into what.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="bytes">How many bytes their texts have, at most.</param>
    /// <param name="value">A row's value for a column, by the row's place and the column's.</param>
    /// <param name="cancellationToken">Ends it before it sends anything.</param>
    /// <returns>False if it is to be sent by itself now.</returns>
    public async Task<bool> TryAddAsync(
        TableInsert insert,
        int rows,
        long bytes,
        Func<int, int, object?> value,
        CancellationToken cancellationToken)
    {
        // A text may be twice as long when it is escaped.
        bool isSmall = rows * insert.Table.Columns.Count <= MaxValuesOfInsert
            && bytes <= MaxBytesOfInsert
            && _bytes + bytes <= connection.MaxStatementBytes / 4;
        if (!isSmall)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
            return false;
        }

        _bytes += bytes;
        ColumnSet columns = insert.ColumnsOf(rows, value);
        insert.AppendTo(_text, columns, rows);
        _text.Append(';');
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < insert.Table.Columns.Count; column++)
            {
                if (columns.Has(column))
                    AddValue(value(row, column));
            }
        }

        return true;
    }

    /// <summary>Sends what was added, if anything was.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_text.Length == 0)
            return;

        cancellationToken.ThrowIfCancellationRequested();
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
        _command.CommandText = _text.ToString();
#pragma warning restore CA2100
        Clear();
        await connection.ExecuteAsync(_command).ConfigureAwait(false);
    }

    public void Dispose() => _command.Dispose();

    private void Clear()
    {
        _text.Clear();
        _values = 0;
        _bytes = 0;
    }

    // By their places. The type of a parameter says nothing in a text; one that has none is given one with each value.
    private void AddValue(object? value)
    {
        if (_values == _command.Parameters.Count)
            connection.AddParameter(_command, "", ColumnKind.Integer);
        _command.Parameters[_values++].Value = connection.Dialect.ToParameter(value);
    }
}
