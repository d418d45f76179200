namespace JanusEvents;

/// <summary>How far the facts were made again.</summary>
/// <param name="Events">How many events that may have facts were read.</param>
/// <param name="Facts">How many facts they have.</param>
public sealed record FactRebuildResult(long Events, long Facts)
{
    /// <summary>
    /// How many rows are not as JanusEvents writes them, so that facts may be missing: another program wrote or changed them. Each
    /// is logged as a warning, with its table and number.
    /// </summary>
    public long DamagedRows { get; init; }
}
