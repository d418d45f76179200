namespace JanusEvents.Relational.Tables;

/// <summary>A table that events are stored in, a row each.</summary>
internal sealed class EventTable(string name, IReadOnlyList<EventColumn> columns, params IReadOnlyList<string>[] indexes)
    : TableDefinition(name, columns, indexes)
{
    public new IReadOnlyList<EventColumn> Columns { get; } = columns;
}
