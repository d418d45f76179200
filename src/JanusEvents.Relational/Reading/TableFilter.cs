using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>A query in terms of the tables.</summary>
internal sealed class TableFilter
{
    private readonly HashSet<Type> _kinds;
    private readonly HashSet<EventTable>? _tables;

    public TableFilter(EventQuery query)
    {
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

    /// <summary>What must hold of a row.</summary>
    public List<(string Column, string Comparison, object Value)> Conditions { get; } = [];

    /// <summary>Whether a table can have what is asked for.</summary>
    public bool Concerns(TableLayout layout) =>
        _tables?.Contains(layout.Table) != false
        && Conditions.All(c => layout.Definition.Columns.Any(t => t.Name == c.Column));

    /// <summary>Whether an event is of a kind that is asked for: a table may hold several.</summary>
    public bool Takes(JanusEvent e) => _kinds.Count == 0 || _kinds.Contains(e.GetType());

    private void Add(string column, string comparison, object? value)
    {
        if (value is not null)
            Conditions.Add((column, comparison, value));
    }
}
