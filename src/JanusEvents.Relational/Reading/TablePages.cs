using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Reads one table from the lowest number on, a page at a time.</summary>
internal sealed class TablePages : IAsyncDisposable
{
    /// <summary>How many rows a page has where nothing else is said.</summary>
    public const int DefaultSize = 500;

    private static readonly Dictionary<EventTable, int> s_order = EventTables.All.Index().ToDictionary(t => t.Item, t => t.Index);

    private readonly StoreConnection _connection;
    private readonly DbCommand _command;
    private readonly DbParameter _after;
    private readonly SqlDialect _dialect;
    private readonly TableFilter _filter;
    private readonly Queue<object?[]> _page = [];
    private readonly int _part;
    private readonly string _columns;
    private readonly string _join;
    private readonly bool _isComplete;
    private DbCommand? _range;
    private DbParameter? _last;
    private bool _begun;
    private bool _ended;

    public TablePages(StoreConnection connection, TableLayout layout, bool hasExtras, TableFilter filter)
    {
        Table = layout.Table;
        Order = s_order[Table];
        _connection = connection;
        _dialect = connection.Dialect;
        _filter = filter;
        _part = Table.Columns.Select(c => c.Name).ToList().IndexOf("part");
        _command = connection.CreateReading();
        _after = connection.AddParameter(_command, "@after", ColumnKind.Integer, long.MinValue);
        _join = hasExtras ? ExtrasJoin.Of(_dialect, Table) : "";
        _isComplete = layout.IsComplete;
        _columns = string.Join(", ", ExtrasJoin.Columns(_dialect, layout, hasExtras));
    }

    /// <summary>How many rows a page has.</summary>
    public int Size { get; init; } = DefaultSize;

    /// <summary>The room that rows of plugin events must name.</summary>
    public string? Room { get; init; }

    /// <summary>The place of the table among all.</summary>
    public int Order { get; }

    public EventTable Table { get; }

    /// <summary>Whether an index finds the rows, so that a page takes no time to speak of. A published table has none.</summary>
    public bool IsByIndex => _isComplete && Room is null && _filter.IsBySession;

    /// <summary>What it asks of the database: first, where there is a time, for the numbers, and then for a page.</summary>
    public IEnumerable<DbCommand> Commands
    {
        get
        {
            Compose();
            return _range is null ? [_command] : [_range, _command];
        }
    }

    /// <summary>Takes the first page from what somebody asked for with <see cref="Commands"/>.</summary>
    public Task BeginAsync(DbDataReader reader, DbCommand command)
    {
        _begun = true;
        return FillAsync(reader, command);
    }

    /// <summary>The next row; null when there is none.</summary>
    public async ValueTask<object?[]?> PeekAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            Compose();
            cancellationToken.ThrowIfCancellationRequested();
            if (_range is not null)
                await ReadRangeAsync(_range).ConfigureAwait(false);
            _begun = true;
        }

        if (_page.Count == 0 && !_ended)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ReadPageAsync().ConfigureAwait(false);
        }

        return _page.TryPeek(out object?[]? row) ? row : null;
    }

    /// <summary>Takes the row that was peeked at.</summary>
    public object?[] Take() => _page.Dequeue();

    /// <summary>The place of a row's medium in a combined event; null where there is none.</summary>
    public long? PartOf(object?[] row) => _part < 0 ? null : row[_part] as long?;

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync().ConfigureAwait(false);
        if (_range is not null)
            await _range.DisposeAsync().ConfigureAwait(false);
    }

    private void Compose()
    {
        if (!string.IsNullOrEmpty(_command.CommandText))
            return;

        string id = $"t.{_dialect.Quote("id")}";
        string number = id;
        string from = $"{_dialect.Table(Table)} t";
        List<string> conditions = [.. Conditions(_command, _filter.Conditions)];
        if (Room is not null)
        {
            _connection.AddParameter(_command, "@room", ColumnKind.Name, FactTable.Name(Room)!);
            number = "f.arrival";
            from = $"{_dialect.ByIndex(FactTable.Definition, "f", FactTable.ByRoom)} {_dialect.JoinInOrder} {from} ON {id} = f.arrival";
            conditions.Add($"{_dialect.AreEqual("f.room", "@room")} AND f.tablename = '{Table.Name}' AND f.part = 0");
        }
        else if (!_filter.IsBySession)
        {
            if (_filter.Times is { Count: > 0 } times)
                ComposeRange(id, from, times, conditions);

            // Any other order makes the database sort all that is asked for, again for each page.
            from = _dialect.InOrder(Table, "t");
        }

        conditions.Add($"{number} > @after");
        SetText(_command, string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {_columns} FROM {from}{_join} WHERE {string.Join(" AND ", conditions)} ORDER BY {number} LIMIT {Size}"));
    }

    /// <summary>Where rows of a time begin and end is asked first: the table may have many before them and behind.</summary>
    private void ComposeRange(string id, string from, IReadOnlyList<TableCondition> times, List<string> conditions)
    {
        _range = _connection.CreateReading();
        SetText(_range, $"SELECT MIN({id}), MAX({id}) FROM {from} WHERE {string.Join(" AND ", Conditions(_range, times))}");

        // Without a last time, what comes while it is read is read as well.
        if (_filter.EndsInTime)
        {
            _last = _connection.AddParameter(_command, "@last", ColumnKind.Integer, long.MaxValue);
            conditions.Add($"{id} <= @last");
        }
    }

    private async Task ReadRangeAsync(DbCommand range)
    {
        (object first, object last) = (await _connection.QueryAsync(range, row => (row.GetValue(0), row.GetValue(1))).ConfigureAwait(false))[0];
        if (EventJson.FromDatabase(ColumnKind.Integer, first) is not long number)
        {
            _ended = true;
            return;
        }

        _after.Value = number - 1;
        _last?.Value = EventJson.FromDatabase(ColumnKind.Integer, last);
    }

    private async Task ReadPageAsync()
    {
        DbDataReader reader = await _connection.ReadAsync(_command).ConfigureAwait(false);
        try
        {
            await FillAsync(reader, _command).ConfigureAwait(false);
        }
        finally
        {
            await _connection.CloseAsync(reader).ConfigureAwait(false);
        }
    }

    private async Task FillAsync(DbDataReader reader, DbCommand command)
    {
        while (await _connection.NextAsync(reader, command).ConfigureAwait(false))
        {
            object?[] row = new object?[Table.Columns.Count];
            for (int i = 0; i < row.Length; i++)
                row[i] = EventJson.FromDatabase(Table.Columns[i].Kind, _dialect.ValueOf(reader, i));
            _page.Enqueue(row);
            _after.Value = row[0];
        }

        _ended = _page.Count < Size;
    }

    private IEnumerable<string> Conditions(DbCommand command, IReadOnlyList<TableCondition> conditions) => conditions.Select((condition, i) =>
    {
        string column = $"t.{_dialect.Quote(condition.Column)}";
        if (condition.Value is null)
            return $"{column} IS NULL";

        string parameter = string.Create(CultureInfo.InvariantCulture, $"@c{i}");
        _connection.AddParameter(command, parameter, Table.Columns.First(c => c.Name == condition.Column).Kind, condition.Value);
        return $"{column} {condition.Comparison} {parameter}";
    });

#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
    private static void SetText(DbCommand command, string text) => command.CommandText = text;
#pragma warning restore CA2100
}
