using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Reads one table from the lowest number on, a page at a time.</summary>
internal sealed class TablePages : IAsyncDisposable
{
    private const int PageSize = 500;

    private readonly DbCommand _command;
    private readonly DbCommand? _numbers;
    private readonly DbParameter _after;
    private readonly DbParameter? _last;
    private readonly SqlDialect _dialect;
    private readonly Queue<object?[]> _page = [];
    private readonly int _part;
    private bool _begun;
    private bool _ended;

    public TablePages(DbConnection connection, SqlDialect dialect, TableLayout layout, bool hasExtras, TableFilter filter)
    {
        Table = layout.Table;
        _dialect = dialect;
        _part = Table.Columns.Select(c => c.Name).ToList().IndexOf("part");
        _command = connection.CreateReadingCommand();
        _after = AddParameter(_command, "@after", ColumnKind.Integer, long.MinValue);
        string id = $"t.{dialect.Quote("id")}";
        string from = $"{dialect.Quote(Table.Name)} t";
        List<string> conditions = [$"{id} > @after", .. Conditions(_command, filter.Conditions)];
        if (!filter.IsBySession)
        {
            // In the order of the numbers, since any other way sorts for each page all rows that are asked for. Where these
            // begin and end is asked first: the table may have many before and behind.
            from = dialect.InOrder(Table, "t");
            if (filter.Times is { Count: > 0 } times)
            {
                _numbers = connection.CreateReadingCommand();
                SetText(
                    _numbers,
                    $"SELECT MIN({id}), MAX({id}) FROM {dialect.Quote(Table.Name)} t WHERE {string.Join(" AND ", Conditions(_numbers, times))}");
            }

            // Without a last time, what comes while it is read is read as well.
            if (filter.EndsInTime)
            {
                _last = AddParameter(_command, "@last", ColumnKind.Integer, long.MaxValue);
                conditions.Add($"{id} <= @last");
            }
        }

        string join = hasExtras ? ExtrasJoin.Of(dialect, Table) : "";
        IEnumerable<string> columns = ExtrasJoin.Columns(dialect, layout, hasExtras);
        SetText(
            _command,
            $"SELECT {string.Join(", ", columns)} FROM {from}{join} WHERE {string.Join(" AND ", conditions)} ORDER BY {id} LIMIT {PageSize}");
    }

    /// <summary>What it asks of the database: for a page, and before that, where there is a time, for the numbers.</summary>
    public IEnumerable<DbCommand> Commands => _numbers is null ? [_command] : [_numbers, _command];

    public EventTable Table { get; }

    /// <summary>The next row; null when there is none.</summary>
    public async ValueTask<object?[]?> PeekAsync(CancellationToken cancellationToken)
    {
        if (!_begun && _numbers is not null)
            await TimeLimits.ReadInTimeAsync(() => ReadNumbersAsync(_numbers, cancellationToken)).ConfigureAwait(false);
        _begun = true;
        if (_page.Count == 0 && !_ended)
            await TimeLimits.ReadInTimeAsync(() => ReadPageAsync(cancellationToken)).ConfigureAwait(false);
        return _page.TryPeek(out object?[]? row) ? row : null;
    }

    /// <summary>Takes the row that was peeked at.</summary>
    public object?[] Take() => _page.Dequeue();

    /// <summary>The place of a row's medium in a combined event; null where there is none.</summary>
    public long? PartOf(object?[] row) => _part < 0 ? null : (long?)row[_part];

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync().ConfigureAwait(false);
        if (_numbers is not null)
            await _numbers.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ReadPageAsync(CancellationToken cancellationToken)
    {
        DbDataReader reader = await _command.ExecuteReaderAsync(cancellationToken).InTimeAsync(_command).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).InTimeAsync(_command).ConfigureAwait(false))
            {
                object?[] row = new object?[Table.Columns.Count];
                for (int i = 0; i < row.Length; i++)
                    row[i] = EventJson.FromDatabase(Table.Columns[i].Kind, reader.GetValue(i));
                _page.Enqueue(row);
                _after.Value = row[0];
            }
        }

        _ended = _page.Count < PageSize;
    }

    /// <summary>Asks for the first and the last number.</summary>
    private async Task ReadNumbersAsync(DbCommand numbers, CancellationToken cancellationToken)
    {
        DbDataReader reader = await numbers.ExecuteReaderAsync(cancellationToken).InTimeAsync(numbers).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync(cancellationToken).InTimeAsync(numbers).ConfigureAwait(false);
            if (EventJson.FromDatabase(ColumnKind.Integer, reader.GetValue(0)) is not long first)
            {
                _ended = true;
                return;
            }

            _after.Value = first - 1;
            _last?.Value = EventJson.FromDatabase(ColumnKind.Integer, reader.GetValue(1));
        }
    }

    private IEnumerable<string> Conditions(DbCommand command, IReadOnlyList<TableCondition> conditions) => conditions.Select((condition, i) =>
    {
        string column = $"t.{_dialect.Quote(condition.Column)}";
        if (condition.Value is null)
            return $"{column} IS NULL";

        string parameter = string.Create(CultureInfo.InvariantCulture, $"@c{i}");
        AddParameter(command, parameter, Table.Columns.First(c => c.Name == condition.Column).Kind, condition.Value);
        return $"{column} {condition.Comparison} {parameter}";
    });

    private DbParameter AddParameter(DbCommand command, string name, ColumnKind kind, object value)
    {
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = _dialect.ParameterType(kind);
        parameter.Value = _dialect.ToParameter(value);
        command.Parameters.Add(parameter);
        return parameter;
    }

#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
    private static void SetText(DbCommand command, string text) => command.CommandText = text;
#pragma warning restore CA2100
}
