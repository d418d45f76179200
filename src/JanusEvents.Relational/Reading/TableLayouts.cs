using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>The tables that are read, as a database has them.</summary>
/// <param name="Events">The tables of events that are there.</param>
/// <param name="HasExtras">Whether there is the table of what others have no column for.</param>
/// <param name="HasFacts">Whether there is the table of facts.</param>
internal sealed record TableLayouts(IReadOnlyList<TableLayout> Events, bool HasExtras, bool HasFacts)
{
    /// <summary>
    /// Whether no table and no column is missing. Of others, rows are seen as long as nobody adds what is missing: an
    /// upgrade then moves values into the new columns.
    /// </summary>
    public bool IsComplete { get; } =
        HasExtras && HasFacts && Events.Count == EventTables.All.Count && Events.All(e => e.IsComplete);

    /// <summary>Asks a database.</summary>
    public static async Task<TableLayouts> LoadAsync(StoreConnection connection, CancellationToken cancellationToken)
    {
        ILookup<string, ExistingColumn> existing =
            await SchemaReader.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        return new TableLayouts(
            [.. SchemaReader.Layouts(existing).Values],
            existing.Contains(BookkeepingTables.Extras.Name),
            existing.Contains(FactTable.Definition.Name));
    }
}
