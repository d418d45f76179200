using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>Alters an existing table to what it would be if created now.</summary>
/// <param name="Table">The table.</param>
/// <param name="Statements">The statements; none when there is nothing to do.</param>
/// <param name="LeftAlone">A sentence for each thing that stays as it is although a new table has it otherwise.</param>
/// <param name="Rows">About how many rows are copied.</param>
/// <param name="Bytes">About how many bytes these have, with their indexes.</param>
internal sealed record TableChange(
    TableDefinition Table,
    IReadOnlyList<string> Statements,
    IReadOnlyList<string> LeftAlone,
    long Rows,
    long Bytes)
{
    // Measured on two cores with a small disk, docs/upgrade.md: most servers are faster.
    private const double RowsInASecond = 40_000;
    private const double BytesInASecond = 10_000_000;

    /// <summary>About how long it takes.</summary>
    public TimeSpan Estimate => TimeSpan.FromSeconds(Math.Ceiling(Math.Max(Rows / RowsInASecond, Bytes / BytesInASecond)));
}
