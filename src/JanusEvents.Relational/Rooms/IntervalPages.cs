using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Rooms;

/// <summary>
/// Reads what a view over the facts gives, a page at a time, in the order in which the intervals began; of those that began at the
/// same time, in the order of their facts.
/// </summary>
internal sealed class IntervalPages : RowPages<IntervalRow>
{
    private readonly FactView _view;
    private readonly IReadOnlyList<string> _columns;
    private readonly string _select;
    private readonly string _order;
    private DbParameter[] _last = [];

    // Where the order needs sorting, each page sorts all that is left: few pages.
    public IntervalPages(StoreConnection connection, FactView view, RoomQuery query)
        : base(connection, query.Order, query.Limit, first: 500, largest: 32_000)
    {
        _view = view;
        _columns = [.. view.Columns, "arrival", "part"];
        _select = Select(query);

        // As an index by time has them: with the primary key behind.
        _order = $"\nORDER BY j.timestamp{Direction}, j.arrival{Direction}, j.tablename{Direction}, j.part{Direction} {Size}";
        SetText(_select + _order);
    }

    protected override IntervalRow Row(DbDataReader row) => new(_columns, ValuesOf(row, _columns.Count));

    protected override void AddLast()
    {
        _last =
        [
            Connection.AddParameter(Command, "@began", ColumnKind.Time),
            Connection.AddParameter(Command, "@arrival", ColumnKind.Integer),
            Connection.AddParameter(Command, "@part", ColumnKind.Integer),
        ];
        SetText($"""
            {_select}
              AND j.timestamp {Beyond}= @began AND (j.timestamp {Beyond} @began OR j.arrival {Beyond} @arrival OR (j.arrival = @arrival AND j.part {Beyond} @part)){_order}
            """);
    }

    protected override void SetLast(IntervalRow last)
    {
        _last[0].Value = Connection.Dialect.ToParameter(last["began"]);
        _last[1].Value = last["arrival"];
        _last[2].Value = last["part"];
    }

    private string Select(RoomQuery query)
    {
        List<string> conditions = [];
        AreEqual($"{_view.Fact}.room", "@room", query.Room);
        AreEqual($"{_view.Fact}.plugin", "@plugin", query.Plugin);
        AreEqual($"{_view.Fact}.emitter", "@emitter", query.Emitter);
        AreEqual($"{_view.Fact}.opaque_id", "@opaque", query.OpaqueId);
        AreEqual(_view.Participant, "@participant", query.Participant);
        Compare($"{_view.Fact}.session = @session", "@session", ColumnKind.Integer, query.SessionId);
        Compare($"{_view.Fact}.handle = @handle", "@handle", ColumnKind.Integer, query.HandleId);
        Compare("j.timestamp < @to", "@to", ColumnKind.Time, query.To?.UtcDateTime);
        Compare($"{_view.Ending} >= @from", "@from", ColumnKind.Time, query.From?.UtcDateTime);
        if (query.OnlyOpen)
            conditions.Add($"{_view.Ending} = {_view.Never}");

        bool isByTime = query is { Room: null, SessionId: null, OpaqueId: null };
        string rows = isByTime && _view.RowsByTime is { } byTime ? byTime : _view.Rows;
        return $"SELECT {_view.Values}, j.arrival AS arrival, j.part AS part\n{rows}{string.Concat(conditions.Select(c => $"\n  AND {c}"))}";

        void AreEqual(string column, string name, string? value) =>
            Compare(Connection.Dialect.AreEqual(column, name), name, ColumnKind.Name, FactTable.Name(value));

        void Compare(string condition, string name, ColumnKind kind, object? value)
        {
            if (value is null)
                return;
            Connection.AddParameter(Command, name, kind, value);
            conditions.Add(condition);
        }
    }
}
