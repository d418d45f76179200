using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>A query in terms of the tables.</summary>
internal sealed class TableFilter
{
    private readonly EventQuery _query;
    private readonly HashSet<Type> _kinds;
    private readonly HashSet<EventTable>? _tables;

    public TableFilter(EventQuery query)
    {
        _query = query;
        _kinds = [.. query.Kinds];
        foreach (Type kind in _kinds)
        {
            if (!kind.IsSubclassOf(typeof(JanusEvent)))
                throw new ArgumentException($"{kind} is no kind of event; name a record such as typeof(DtlsEvent).", nameof(query));
        }

        _tables = _kinds.Count == 0 ? null : [.. _kinds.Select(EventTables.For)];
        Add("session", "=", query.SessionId);
        Add("handle", "=", query.HandleId);
        Add("opaque_id", "=", query.OpaqueId);
        Add("emitter", "=", query.Emitter);
        Add("timestamp", ">=", query.From?.UtcDateTime);
        Add("timestamp", "<", query.To?.UtcDateTime);
    }

    /// <summary>The conditions of a row.</summary>
    public List<TableCondition> Conditions { get; } = [];

    /// <summary>Those of them that are about its time.</summary>
    public IReadOnlyList<TableCondition> Times => [.. Conditions.Where(c => c.Column == "timestamp")];

    /// <summary>Whether a session is asked for, whose rows an index finds.</summary>
    public bool IsBySession => _query.SessionId is not null;

    /// <summary>Whether there is a time from which on nothing is asked for.</summary>
    public bool EndsInTime => _query.To is not null;

    /// <summary>Whether a table can have what is asked for.</summary>
    public bool Concerns(TableLayout layout) =>
        _tables?.Contains(layout.Table) != false
        && Conditions.All(c => layout.Definition.Columns.Any(t => t.Name == c.Column));

    /// <summary>
    /// Whether the event of a row that fits is asked for: a table may hold several kinds, and MySQL takes "me " for "me".
    /// </summary>
    public bool Takes(JanusEvent e) =>
        (_kinds.Count == 0 || _kinds.Contains(e.GetType()))
        && (_query.OpaqueId is null || _query.OpaqueId == e.OpaqueId)
        && (_query.Emitter is null || _query.Emitter == e.Emitter);

    private void Add(string column, string comparison, object? value)
    {
        // A value too long for its column stands in "extra", where no condition finds it.
        if (value is not null)
            Conditions.Add(new TableCondition(column, comparison, Fits(column, value) ? value : null));
    }

    private static bool Fits(string column, object value) =>
        value is not string || EventTables.All.SelectMany(t => t.EventColumns).First(c => c.Name == column).Fits(value);
}

/// <summary>A condition of a row: a comparison, or without a value, that the column is NULL.</summary>
internal sealed record TableCondition(string Column, string Comparison, object? Value);
