using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Reads one table from the lowest number on, a page at a time.</summary>
internal sealed class TablePages : IAsyncDisposable
{
    private const int PageSize = 500;

    private readonly DbCommand _command;
    private readonly DbParameter _after;
    private readonly SqlDialect _dialect;
    private readonly Queue<object?[]> _page = [];
    private readonly int _part;
    private bool _ended;

    public TablePages(DbConnection connection, SqlDialect dialect, TableLayout layout, bool hasExtras, TableFilter filter)
    {
        Table = layout.Table;
        _dialect = dialect;
        _part = Table.Columns.Select(c => c.Name).ToList().IndexOf("part");
        _command = connection.CreateReadingCommand();
        _after = AddParameter("@after", ColumnKind.Integer, long.MinValue);
        List<string> conditions = [$"t.{dialect.Quote("id")} > @after"];
        foreach ((string name, string comparison, object? value) in filter.Conditions)
        {
            if (value is null)
            {
                conditions.Add($"t.{dialect.Quote(name)} IS NULL");
                continue;
            }

            string parameter = string.Create(CultureInfo.InvariantCulture, $"@c{conditions.Count}");
            AddParameter(parameter, Table.Columns.First(c => c.Name == name).Kind, value);
            conditions.Add($"t.{dialect.Quote(name)} {comparison} {parameter}");
        }

        string join = hasExtras ? ExtrasJoin.Of(dialect, Table) : "";
        IEnumerable<string> columns = ExtrasJoin.Columns(dialect, layout, hasExtras);
#pragma warning disable CA2100 // The text is made of the table definitions; values are parameters.
        _command.CommandText =
            $"SELECT {string.Join(", ", columns)} FROM {dialect.Quote(Table.Name)} t{join} "
            + $"WHERE {string.Join(" AND ", conditions)} ORDER BY t.{dialect.Quote("id")} LIMIT {PageSize}";
#pragma warning restore CA2100
    }

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
