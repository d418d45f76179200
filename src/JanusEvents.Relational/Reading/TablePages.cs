using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Reads the events of one table in the order of their numbers or against it, a page at a time.</summary>
internal sealed class TablePages : IAsyncDisposable
{
    /// <summary>How many rows a page has by default.</summary>
    public const int DefaultSize = 500;

    private static readonly Dictionary<EventTable, int> s_order = EventTables.All.Index().ToDictionary(t => t.Item, t => t.Index);

    private readonly StoreConnection _connection;
    private readonly DbCommand _command;
    private readonly DbParameter _beyond;
    private readonly DbParameter _size;
    private readonly SqlDialect _dialect;
    private readonly TableFilter _filter;
    private readonly Queue<object?[]> _page = [];
    private readonly int _part;
    private readonly ReadingRange _range;
    private readonly IReadOnlyList<string> _columns;
    private readonly string _join;
    private readonly bool _isComplete;
    private DbCommand? _times;
    private DbParameter? _end;
    private StoredRows? _next;
    private bool _begun;
    private bool _ended;

    public TablePages(StoreConnection connection, TableLayout layout, bool hasExtras, TableFilter filter, ReadingRange range)
    {
        Table = layout.Table;
        Order = s_order[Table];
        _connection = connection;
        _dialect = connection.Dialect;
        _filter = filter;
        _range = range;
        _part = Table.Columns.Select(c => c.Name).ToList().IndexOf("part");
        _command = connection.CreateReading();
        _beyond = connection.AddParameter(_command, Parameter("beyond"), ColumnKind.Integer, range.Start(Order, hasParts: _part >= 0));
        _size = connection.AddParameter(_command, "@size", ColumnKind.Integer);
        _join = hasExtras ? ExtrasJoin.Of(_dialect, Table) : "";
        _isComplete = layout.IsComplete;
        _columns = [.. ExtrasJoin.Columns(_dialect, layout, hasExtras)];
    }

    /// <summary>How many rows a page has, unless fewer are asked for.</summary>
    public int Size { get; init; } = DefaultSize;

    /// <summary>The room that rows of plugin events must name.</summary>
    public string? Room { get; init; }

    /// <summary>The place of the table among all.</summary>
    public int Order { get; }

    public EventTable Table { get; }

    /// <summary>Whether an index finds the rows, so that a page takes no time to speak of. A published table has none.</summary>
    public bool IsByIndex => _isComplete && Room is null && _filter.IsBySession;

    /// <summary>The queries: first, where there is a time, for the numbers, and then for a page.</summary>
    public IEnumerable<DbCommand> Commands
    {
        get
        {
            Compose();
            return _times is null ? [_command] : [_times, _command];
        }
    }

    /// <summary>Takes the first page from what somebody asked for with <see cref="Commands"/>.</summary>
    public Task BeginAsync(DbDataReader reader, DbCommand command)
    {
        _begun = true;
        return FillAsync(reader, command);
    }

    /// <summary>The next event; null when there is none.</summary>
    public async ValueTask<StoredRows?> PeekAsync(CancellationToken cancellationToken) =>
        _next ??= await ReadEventAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Takes the event that was peeked at.</summary>
    public StoredRows Take()
    {
        StoredRows taken = _next!;
        _next = null;
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync().ConfigureAwait(false);
        if (_times is not null)
            await _times.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<StoredRows?> ReadEventAsync(CancellationToken cancellationToken)
    {
        if (await PeekRowAsync(cancellationToken).ConfigureAwait(false) is null)
            return null;

        List<object?[]> rows = [_page.Dequeue()];
        long number = FirstOf(rows[0]);
        if (HasPart(rows[0]))
        {
            // The parts of a combined event have consecutive numbers, whatever else is stored. Rows of it may have been deleted.
            while (await PeekRowAsync(cancellationToken).ConfigureAwait(false) is { } row && HasPart(row) && FirstOf(row) == number)
                rows.Add(_page.Dequeue());
            if (_range.IsBackwards)
                rows.Reverse();
        }

        return new StoredRows(Table, new EventPlace(number, Order), rows, NamesRoom: Room is not null);
    }

    private async ValueTask<object?[]?> PeekRowAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            Compose();
            cancellationToken.ThrowIfCancellationRequested();
            if (_times is not null)
                await ReadTimesAsync(_times).ConfigureAwait(false);
            _begun = true;
        }

        if (_page.Count == 0 && !_ended)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ReadPageAsync().ConfigureAwait(false);
        }

        return _page.TryPeek(out object?[]? row) ? row : null;
    }

    private bool HasPart(object?[] row) => _part >= 0 && row[_part] is long;

    /// <summary>The number of the first row of a row's event.</summary>
    private long FirstOf(object?[] row) => (long)row[0]! - (HasPart(row) ? (long)row[_part]! : 0);

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
                ComposeTimes(id, from, times, conditions);

            // Any other order makes the database sort all that is asked for, again for each page.
            from = _dialect.InOrder(Table, "t");
        }

        (string beyond, string order) = _range.IsBackwards ? ("<", " DESC") : (">", "");
        conditions.Add($"{number} {beyond} {_beyond.ParameterName}");
        if (_part >= 0 && _range.Key(Order) is { } key)
        {
            _connection.AddParameter(_command, Parameter("key"), ColumnKind.Integer, key);
            conditions.Add($"{id} - COALESCE({_columns[_part]}, 0) {beyond} {Parameter("key")}");
        }

        if (!_range.IsBackwards && _range.UpTo is { } newest)
            AddEnd(id, newest, conditions);
        _size.Value = (long)_range.FirstPage(Size);
        SetText(
            _command,
            $"SELECT {string.Join(", ", _columns)} FROM {from}{_join} WHERE {string.Join(" AND ", conditions)} ORDER BY {number}{order} LIMIT @size");
    }

    /// <summary>Where rows of a time begin and end is asked first: the table may have many before them and behind.</summary>
    private void ComposeTimes(string id, string from, IReadOnlyList<TableCondition> times, List<string> conditions)
    {
        _times = _connection.CreateReading();
        SetText(_times, $"SELECT MIN({id}), MAX({id}) FROM {from} WHERE {string.Join(" AND ", Conditions(_times, times))}");

        // Without a last time, what comes while it is read is read as well.
        if (_range.IsBackwards)
            AddEnd(id, long.MinValue, conditions);
        else if (_filter.EndsInTime)
            AddEnd(id, long.MaxValue, conditions);
    }

    /// <summary>Ends the reading at a number.</summary>
    private void AddEnd(string id, long number, List<string> conditions)
    {
        if (_end is not null)
        {
            _end.Value = Math.Min((long)_end.Value!, number);
            return;
        }

        _end = _connection.AddParameter(_command, Parameter("end"), ColumnKind.Integer, number);
        conditions.Add($"{id} {(_range.IsBackwards ? ">=" : "<=")} {_end.ParameterName}");
    }

    private async Task ReadTimesAsync(DbCommand times)
    {
        (object first, object last) = (await _connection.QueryAsync(times, row => (row.GetValue(0), row.GetValue(1))).ConfigureAwait(false))[0];
        if (EventJson.FromDatabase(ColumnKind.Integer, first) is not long lowest
            || EventJson.FromDatabase(ColumnKind.Integer, last) is not long highest)
        {
            _ended = true;
        }
        else if (_range.IsBackwards)
        {
            _beyond.Value = Math.Min((long)_beyond.Value!, highest == long.MaxValue ? highest : highest + 1);
            _end!.Value = lowest;
        }
        else
        {
            _beyond.Value = Math.Max((long)_beyond.Value!, lowest == long.MinValue ? lowest : lowest - 1);
            if (_filter.EndsInTime)
                _end!.Value = Math.Min((long)_end.Value!, highest);
        }
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
            _beyond.Value = row[0];
        }

        // Where the few that were asked for do not suffice, most rows are of no use, and there may be many.
        long size = (long)_size.Value!;
        _ended = _page.Count < size;
        _size.Value = Math.Min(Size, size * 2);
    }

    // Several tables may be asked for in one command.
    private string Parameter(string name) => string.Create(CultureInfo.InvariantCulture, $"@{name}{Order}");

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
