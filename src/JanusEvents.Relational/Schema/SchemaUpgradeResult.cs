using System.Globalization;

namespace JanusEvents;

/// <summary>The result of an upgrade of the tables. <see cref="ToString"/> describes it in a sentence.</summary>
public sealed record SchemaUpgradeResult
{
    /// <summary>The version that the database records afterwards; higher than this program's when it is a newer one's.</summary>
    public long Version { get; init; }

    /// <summary>The tables that were made, by name.</summary>
    public IReadOnlyList<string> CreatedTables { get; init; } = [];

    /// <summary>The tables that were changed, by name, in the order in which it was done.</summary>
    public IReadOnlyList<string> ChangedTables { get; init; } = [];

    /// <summary>How many rows had something in the table <c>extras</c> that was moved into their columns.</summary>
    public long MovedRows { get; init; }

    /// <summary>A sentence for each thing that was left as it was although a new table has it otherwise.</summary>
    public IReadOnlyList<string> LeftAlone { get; init; } = [];

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Whether there was nothing to do.</summary>
    public bool DidNothing => CreatedTables.Count == 0 && ChangedTables.Count == 0 && MovedRows == 0;

    /// <summary>The result in a sentence.</summary>
    public override string ToString() => DidNothing
        ? string.Create(CultureInfo.InvariantCulture, $"Nothing to do: the tables are as version {Version} has them.")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Version {Version}: {ChangedTables.Count} tables changed, {CreatedTables.Count} made, {MovedRows:N0} rows completed, in {Duration.TotalSeconds:0.0} s.");
}
