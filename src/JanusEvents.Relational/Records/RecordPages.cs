using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Records;

/// <summary>
/// Reads rows of one of <see cref="RecordTables"/>, a page at a time, in the order of their times, and then of the primary key, as
/// the index by time has them.
/// </summary>
internal sealed class RecordPages : RowPages<RecordRow>
{
    private readonly RecordFilter _filter;
    private readonly TableColumn[] _order;
    private DbParameter[] _last = [];

    public RecordPages(StoreConnection connection, RecordFilter filter, EventOrder order, int? limit)
        : base(connection, order, limit, first: 200, largest: 2000)
    {
        _filter = filter;
        _order = [.. filter.Table.PrimaryKey.Prepend(RecordTables.TimeOf(filter.Table)).Select(name => filter.Table.Columns.First(c => c.Name == name))];
        filter.AddTo(connection, Command);
        SetText(Select(filter.Where));
    }

    protected override RecordRow Row(DbDataReader row) => new(_filter.Table, ValuesOf(row, _filter.Table.Columns.Count));

    protected override void AddLast()
    {
        _last = [.. _order.Select((column, i) => Connection.AddParameter(Command, Parameter(i), column.Kind))];
        string time = Connection.Dialect.Quote(_order[0].Name);
        SetText(Select(_filter.And($"{time} {Beyond}= {Parameter(0)} AND {IsBeyond(0)}")));
    }

    protected override void SetLast(RecordRow last)
    {
        for (int i = 0; i < _order.Length; i++)
            _last[i].Value = Connection.Dialect.ToParameter(last[_order[i].Name]);
    }

    /// <summary>The condition that a row comes after the last one, by the columns of the order from one on.</summary>
    private string IsBeyond(int place)
    {
        string column = Connection.Dialect.Quote(_order[place].Name);
        string parameter = Parameter(place);
        string beyond = $"{column} {Beyond} {parameter}";
        return place == _order.Length - 1 ? beyond : $"({beyond} OR ({column} = {parameter} AND {IsBeyond(place + 1)}))";
    }

    private static string Parameter(int place) => string.Create(CultureInfo.InvariantCulture, $"@last{place}");

    private string Select(string where)
    {
        SqlDialect dialect = Connection.Dialect;
        return $"SELECT {string.Join(", ", _filter.Table.Columns.Select(c => dialect.Quote(c.Name)))} FROM {_filter.From}{where} "
            + $"ORDER BY {string.Join(", ", _order.Select(c => dialect.Quote(c.Name) + Direction))} {Size}";
    }
}
