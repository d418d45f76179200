using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Facts;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Reads one table from the lowest number on, a page at a time.</summary>
internal sealed class TablePages : IAsyncDisposable
{
    /// <summary>How many rows a page has where nothing else is said.</summary>
    public const int DefaultSize = 500;

    private static readonly Dictionary<EventTable, int> s_order = EventTables.All.Index().ToDictionary(t => t.Item, t => t.Index);

    private readonly DbCommand _command;
    private readonly DbParameter _after;
    private readonly SqlDialect _dialect;
    private readonly Queue<object?[]> _page = [];
    private readonly int _part;
    private readonly string _columns;
    private readonly string _join;
    private readonly List<string> _conditions = [];
    private bool _ended;

    public TablePages(DbConnection connection, SqlDialect dialect, TableLayout layout, bool hasExtras, TableFilter filter)
    {
        Table = layout.Table;
        Order = s_order[Table];
        _dialect = dialect;
        _part = Table.Columns.Select(c => c.Name).ToList().IndexOf("part");
        _command = connection.CreateReadingCommand();
        _after = AddParameter("@after", ColumnKind.Integer, long.MinValue);
        foreach ((string name, string comparison, object? value) in filter.Conditions)
        {
            if (value is null)
            {
                _conditions.Add($"t.{dialect.Quote(name)} IS NULL");
                continue;
            }

            string parameter = string.Create(CultureInfo.InvariantCulture, $"@c{_conditions.Count}");
            AddParameter(parameter, Table.Columns.First(c => c.Name == name).Kind, value);
            _conditions.Add($"t.{dialect.Quote(name)} {comparison} {parameter}");
        }

        _join = hasExtras ? ExtrasJoin.Of(dialect, Table) : "";
        _columns = string.Join(", ", ExtrasJoin.Columns(dialect, layout, hasExtras));
    }

    /// <summary>How many rows a page has.</summary>
    public int Size { get; init; } = DefaultSize;

    /// <summary>The room that rows of plugin events must name.</summary>
    public string? Room { get; init; }

    /// <summary>The place of the table among all.</summary>
    public int Order { get; }

    public EventTable Table { get; }

    /// <summary>The next row; null when there is none.</summary>
    public async ValueTask<object?[]?> PeekAsync(CancellationToken cancellationToken)
    {
        if (_page.Count == 0 && !_ended)
            await TimeLimits.ReadInTimeAsync(() => ReadPageAsync(cancellationToken)).ConfigureAwait(false);
        return _page.TryPeek(out object?[]? row) ? row : null;
    }

    /// <summary>Takes the row that was peeked at.</summary>
    public object?[] Take() => _page.Dequeue();

    /// <summary>The place of a row's medium in a combined event; null where there is none.</summary>
    public long? PartOf(object?[] row) => _part < 0 ? null : (long?)row[_part];

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    private string Select()
    {
        string number = $"t.{_dialect.Quote("id")}";
        string from = $"{_dialect.Quote(Table.Name)} t";
        List<string> conditions = [.. _conditions];
        if (Room is not null)
        {
            AddParameter("@room", ColumnKind.Name, FactTable.Name(Room)!);
            number = "f.arrival";
            from = $"{_dialect.ByIndex(FactTable.Definition, "f", FactTable.ByRoom)} {_dialect.JoinInOrder} {from} ON t.{_dialect.Quote("id")} = f.arrival";
            conditions.Add($"f.room = @room AND f.tablename = '{Table.Name}' AND f.part = 0");
        }

        conditions.Add($"{number} > @after");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {_columns} FROM {from}{_join} WHERE {string.Join(" AND ", conditions)} ORDER BY {number} LIMIT {Size}");
    }

    private async Task ReadPageAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(_command.CommandText))
        {
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
            _command.CommandText = Select();
#pragma warning restore CA2100
        }

        DbDataReader reader = await _command.ExecuteReaderInTimeAsync(cancellationToken).ConfigureAwait(false);
        using (reader)
        {
            while (await reader.ReadInTimeAsync(_command, cancellationToken).ConfigureAwait(false))
            {
                object?[] row = new object?[Table.Columns.Count];
                for (int i = 0; i < row.Length; i++)
                    row[i] = EventJson.FromDatabase(Table.Columns[i].Kind, reader.GetValue(i));
                _page.Enqueue(row);
                _after.Value = row[0];
            }
        }

        _ended = _page.Count < Size;
    }

    private DbParameter AddParameter(string name, ColumnKind kind, object value)
    {
        DbParameter parameter = _command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = _dialect.ParameterType(kind);
        parameter.Value = _dialect.ToParameter(value);
        _command.Parameters.Add(parameter);
        return parameter;
    }
}
