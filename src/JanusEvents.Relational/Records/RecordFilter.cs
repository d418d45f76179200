using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Records;

/// <summary>Which rows of one of <see cref="RecordTables"/> are asked for.</summary>
internal sealed class RecordFilter(SqlDialect dialect, TableDefinition table)
{
    private readonly List<string> _conditions = [];
    private readonly List<(string Name, ColumnKind Kind, object? Value)> _parameters = [];
    private bool _hasIndex;

    public TableDefinition Table => table;

    /// <summary>The conditions after the name of the table; empty where there are none.</summary>
    public string Where => _conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", _conditions)}";

    /// <summary>
    /// The table to read from. By its index by time unless a condition has an index of its own: databases would rather read all rows
    /// of a server by the primary key, or a table that they know little of whole, and sort them.
    /// </summary>
    public string From => _hasIndex ? dialect.Table(table) : dialect.ByIndex(table, "r", [RecordTables.TimeOf(table)]);

    /// <summary>A further condition on the same rows.</summary>
    public string And(string condition) => Where.Length == 0 ? $" WHERE {condition}" : $"{Where} AND {condition}";

    /// <summary>Asks for rows with a value, if there is one to ask for.</summary>
    public RecordFilter Is(string name, object? value)
    {
        if (value is null)
            return this;

        TableColumn column = ColumnOf(name);
        string parameter = Add(column, value);
        NoteIndex(name);

        // As an expression where the rows are ordered by it too: a database that knows all of them to be of one server no longer sees that
        // the index by time has them in order.
        string own = value is string && table.PrimaryKey.Contains(name) ? $"COALESCE({dialect.Quote(name)}, '')" : dialect.Quote(name);
        _conditions.Add(value is string ? dialect.AreEqual(own, parameter) : $"{own} = {parameter}");
        return this;
    }

    /// <summary>Asks for rows with one of some values.</summary>
    public RecordFilter IsOneOf(string name, IEnumerable<string> values)
    {
        TableColumn column = ColumnOf(name);
        _conditions.Add($"{dialect.Quote(name)} IN ({string.Join(", ", values.Select(value => Add(column, value)))})");
        return this;
    }

    /// <summary>Asks for rows with a time from one on, if there is one to ask for.</summary>
    /// <param name="name">The column.</param>
    /// <param name="from">The earliest time.</param>
    /// <param name="orNone">Whether also for those that have no time.</param>
    public RecordFilter Since(string name, DateTimeOffset? from, bool orNone = false)
    {
        if (from is not null)
        {
            string condition = $"{dialect.Quote(name)} >= {Add(ColumnOf(name), from)}";
            _conditions.Add(orNone ? $"({condition} OR {dialect.Quote(name)} IS NULL)" : condition);
        }

        return this;
    }

    /// <summary>Asks for rows with an earlier time, if there is one to ask for.</summary>
    public RecordFilter Before(string name, DateTimeOffset? before)
    {
        if (before is not null)
            _conditions.Add($"{dialect.Quote(name)} < {Add(ColumnOf(name), before)}");
        return this;
    }

    /// <summary>Asks for rows without a value.</summary>
    public RecordFilter IsMissing(string name)
    {
        NoteIndex(name);
        _conditions.Add($"{dialect.Quote(name)} IS NULL");
        return this;
    }

    /// <summary>Gives a command the values.</summary>
    public void AddTo(StoreConnection connection, DbCommand command)
    {
        foreach ((string name, ColumnKind kind, object? value) in _parameters)
            connection.AddParameter(command, name, kind, value);
    }

    private void NoteIndex(string name) => _hasIndex |= table.Indexes.Any(index => index[0] == name);

    private string Add(TableColumn column, object? value)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"@p{_parameters.Count}");
        _parameters.Add((name, column.Kind, RecordTables.Fit(column, value)));
        return name;
    }

    private TableColumn ColumnOf(string name) => table.Columns.First(c => c.Name == name);
}
