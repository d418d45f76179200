namespace JanusEvents.Relational.Tables;

/// <summary>A column that a property of an event goes to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Source">The property in Janus's JSON, as a path from the event.</param>
/// <param name="Read">Reads the value; null when the event has none.</param>
internal sealed record EventColumn(string Name, ColumnKind Kind, string Source, Func<JanusEvent, object?> Read)
    : TableColumn(Name, Kind);
