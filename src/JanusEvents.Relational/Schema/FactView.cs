namespace JanusEvents.Relational.Schema;

/// <summary>A view over the facts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns by which it is known to be ours.</param>
/// <param name="Select">What it selects.</param>
internal sealed record FactView(string Name, IReadOnlyList<string> Columns, string Select);
