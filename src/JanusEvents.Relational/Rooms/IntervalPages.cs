using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Rooms;

/// <summary>
/// Reads what a view over the facts gives, a page at a time, in the order in which the intervals began; of those that began at the
/// same time, in the order of their facts.
/// </summary>
internal sealed class IntervalPages : IDisposable
{
    private const int FirstPageSize = 500;

    // Where the order needs sorting, each page sorts all that is left.
    private const int LargestPageSize = 32_000;

    private readonly StoreConnection _connection;
    private readonly SqlDialect _dialect;
    private readonly FactView _view;
    private readonly IReadOnlyList<string> _columns;
    private readonly DbParameter _size;
    private readonly string _select;
    private readonly string _order;
    private readonly bool _isBackwards;
    private DbParameter[] _last = [];
    private long _left;

    public IntervalPages(StoreConnection connection, FactView view, RoomQuery query)
    {
        _connection = connection;
        _dialect = connection.Dialect;
        _view = view;
        _columns = [.. view.Columns, "arrival", "part"];
        _isBackwards = query.Order == EventOrder.NewestFirst;
        _left = query.Limit ?? long.MaxValue;
        Command = connection.CreateReading();
        _size = connection.AddParameter(Command, "@size", ColumnKind.Integer, Math.Min(FirstPageSize, _left));
        _select = Select(query);
        string direction = _isBackwards ? " DESC" : "";

        // As an index by time has them: with the primary key behind.
        _order = $"\nORDER BY j.timestamp{direction}, j.arrival{direction}, j.tablename{direction}, j.part{direction} LIMIT @size";
        SetText(_select + _order);
    }

    /// <summary>The query.</summary>
    public DbCommand Command { get; }

    /// <summary>The next page; empty when there is none.</summary>
    public async Task<IReadOnlyList<IntervalRow>> NextAsync(CancellationToken cancellationToken)
    {
        if (_left == 0)
            return [];

        cancellationToken.ThrowIfCancellationRequested();
        List<IntervalRow> page = await _connection.QueryAsync(Command, row =>
        {
            object[] values = new object[_columns.Count];
            for (int i = 0; i < values.Length; i++)
                values[i] = _dialect.ValueOf(row, i);
            return new IntervalRow(_columns, values);
        }).ConfigureAwait(false);

        _left = page.Count < (long)_size.Value! ? 0 : _left - page.Count;
        if (_left > 0)
            GoOnBehind(page[^1]);
        return page;
    }

    public void Dispose() => Command.Dispose();

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
            Compare(_dialect.AreEqual(column, name), name, ColumnKind.Name, FactTable.Name(value));

        void Compare(string condition, string name, ColumnKind kind, object? value)
        {
            if (value is null)
                return;
            _connection.AddParameter(Command, name, kind, value);
            conditions.Add(condition);
        }
    }

    private void GoOnBehind(IntervalRow last)
    {
        if (_last.Length == 0)
        {
            _last =
            [
                _connection.AddParameter(Command, "@began", ColumnKind.Time),
                _connection.AddParameter(Command, "@arrival", ColumnKind.Integer),
                _connection.AddParameter(Command, "@part", ColumnKind.Integer),
            ];
            string beyond = _isBackwards ? "<" : ">";
            SetText($"""
                {_select}
                  AND j.timestamp {beyond}= @began AND (j.timestamp {beyond} @began OR j.arrival {beyond} @arrival OR (j.arrival = @arrival AND j.part {beyond} @part)){_order}
                """);
        }

        // As the database gave them, so that nothing is lost on the way back.
        _last[0].Value = _dialect.ToParameter(last["began"]);
        _last[1].Value = last["arrival"];
        _last[2].Value = last["part"];
        _size.Value = Math.Min(Math.Min(LargestPageSize, 4 * (long)_size.Value!), _left);
    }

#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
    private void SetText(string text) => Command.CommandText = text;
#pragma warning restore CA2100
}
