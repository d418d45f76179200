using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>
/// Reads what a SELECT gives, a page at a time: each page begins behind the last row of the page before, and is larger.
/// </summary>
/// <typeparam name="TRow">A row.</typeparam>
internal abstract class RowPages<TRow> : IDisposable
{
    /// <summary>The end of the statement of a page.</summary>
    protected const string Size = "LIMIT @size";

    private const int Growth = 4;

    private readonly bool _isBackwards;
    private readonly int _largest;
    private readonly DbParameter _size;
    private bool _hasBegun;
    private long _left;

    /// <param name="connection">Used for nothing else meanwhile.</param>
    /// <param name="order">The order of the rows.</param>
    /// <param name="limit">How many rows at most; null for all.</param>
    /// <param name="first">The rows of the first page.</param>
    /// <param name="largest">The rows of a page at most.</param>
    protected RowPages(StoreConnection connection, EventOrder order, int? limit, int first, int largest)
    {
        Connection = connection;
        _isBackwards = order == EventOrder.NewestFirst;
        Command = connection.CreateReading();
        _largest = largest;
        _left = limit ?? long.MaxValue;
        _size = connection.AddParameter(Command, "@size", ColumnKind.Integer, Math.Min(first, _left));
    }

    /// <summary>The statement that reads a page.</summary>
    public DbCommand Command { get; }

    protected StoreConnection Connection { get; }

    /// <summary>The direction of each column of the order.</summary>
    protected string Direction => _isBackwards ? " DESC" : "";

    /// <summary>What compares a value with that of a row that comes before it.</summary>
    protected string Beyond => _isBackwards ? "<" : ">";

    /// <summary>The next page; empty when there is none.</summary>
    public async Task<IReadOnlyList<TRow>> NextAsync(CancellationToken cancellationToken)
    {
        if (_left == 0)
            return [];

        cancellationToken.ThrowIfCancellationRequested();
        List<TRow> page = await Connection.QueryAsync(Command, Row).ConfigureAwait(false);
        long size = (long)_size.Value!;
        _left = page.Count < size ? 0 : _left - page.Count;
        if (_left > 0)
        {
            if (!_hasBegun)
                AddLast();
            _hasBegun = true;
            SetLast(page[^1]);
            _size.Value = Math.Min(Math.Min(_largest, Growth * size), _left);
        }

        return page;
    }

    public void Dispose() => Command.Dispose();

    /// <summary>Makes a row of what was read.</summary>
    protected abstract TRow Row(DbDataReader row);

    /// <summary>Adds the condition that a row comes after the last one to the statement, with its parameters.</summary>
    protected abstract void AddLast();

    /// <summary>Sets these parameters: to what the database gave, so that nothing is lost on the way back.</summary>
    protected abstract void SetLast(TRow last);

    /// <summary>The values of a row, as the driver gives them.</summary>
    protected object[] ValuesOf(DbDataReader row, int count)
    {
        object[] values = new object[count];
        for (int i = 0; i < count; i++)
            values[i] = Connection.Dialect.ValueOf(row, i);
        return values;
    }

#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
    protected void SetText(string text) => Command.CommandText = text;
#pragma warning restore CA2100
}
