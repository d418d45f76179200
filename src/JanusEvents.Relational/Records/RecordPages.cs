using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Records;

/// <summary>
/// Reads rows of one of <see cref="RecordTables"/>, a page at a time, in the order of their times, and then of the primary key, as
/// the index by time has them.
/// </summary>
internal sealed class RecordPages : IDisposable
{
    private const int FirstPageSize = 200;
    private const int LargestPageSize = 2000;

    private readonly StoreConnection _connection;
    private readonly RecordFilter _filter;
    private readonly DbCommand _command;
    private readonly DbParameter _size;
    private readonly TableColumn[] _order;
    private readonly bool _isBackwards;
    private DbParameter[] _last = [];
    private long _left;

    public RecordPages(StoreConnection connection, RecordFilter filter, EventOrder order, int? limit)
    {
        _connection = connection;
        _filter = filter;
        _isBackwards = order == EventOrder.NewestFirst;
        _left = limit ?? long.MaxValue;
        _order = [.. filter.Table.PrimaryKey.Prepend(RecordTables.TimeOf(filter.Table)).Select(name => filter.Table.Columns.First(c => c.Name == name))];
        _command = connection.CreateReading();
        filter.AddTo(connection, _command);
        _size = connection.AddParameter(_command, "@size", ColumnKind.Integer, Math.Min(FirstPageSize, _left));
        SetText(filter.Where);
    }

    /// <summary>The statement that reads a page.</summary>
    public DbCommand Command => _command;

    /// <summary>The next page; empty when there is none.</summary>
    public async Task<IReadOnlyList<RecordRow>> NextAsync(CancellationToken cancellationToken)
    {
        if (_left == 0)
            return [];

        cancellationToken.ThrowIfCancellationRequested();
        List<RecordRow> page = await _connection.QueryAsync(_command, Row).ConfigureAwait(false);
        _left = page.Count < (long)_size.Value! ? 0 : _left - page.Count;
        if (_left > 0)
            GoOnBehind(page[^1]);
        return page;
    }

    public void Dispose() => _command.Dispose();

    private RecordRow Row(DbDataReader row)
    {
        object[] values = new object[_filter.Table.Columns.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = _connection.Dialect.ValueOf(row, i);
        return new RecordRow(_filter.Table, values);
    }

    private void GoOnBehind(RecordRow last)
    {
        if (_last.Length == 0)
        {
            _last = [.. _order.Select((column, i) => _connection.AddParameter(_command, Parameter(i), column.Kind))];
            string time = _connection.Dialect.Quote(_order[0].Name);
            SetText(_filter.And($"{time} {(_isBackwards ? "<=" : ">=")} {Parameter(0)} AND {Beyond(0)}"));
        }

        // As the database gave them, so that nothing is lost on the way back.
        for (int i = 0; i < _order.Length; i++)
            _last[i].Value = _connection.Dialect.ToParameter(last[_order[i].Name]);
        _size.Value = Math.Min(Math.Min(LargestPageSize, 2 * (long)_size.Value!), _left);
    }

    /// <summary>The condition that a row comes after the last one, by the columns of the order from one on.</summary>
    private string Beyond(int place)
    {
        string column = _connection.Dialect.Quote(_order[place].Name);
        string parameter = Parameter(place);
        string beyond = $"{column} {(_isBackwards ? "<" : ">")} {parameter}";
        return place == _order.Length - 1 ? beyond : $"({beyond} OR ({column} = {parameter} AND {Beyond(place + 1)}))";
    }

    private static string Parameter(int place) => string.Create(CultureInfo.InvariantCulture, $"@last{place}");

    private void SetText(string where)
    {
        SqlDialect dialect = _connection.Dialect;
        string direction = _isBackwards ? " DESC" : "";
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
        _command.CommandText = $"SELECT {string.Join(", ", _filter.Table.Columns.Select(c => dialect.Quote(c.Name)))} FROM {_filter.From}{where} "
            + $"ORDER BY {string.Join(", ", _order.Select(c => dialect.Quote(c.Name) + direction))} LIMIT @size";
#pragma warning restore CA2100
    }
}
