namespace JanusEvents;

/// <summary>How far the facts were made again.</summary>
/// <param name="Events">How many events that may have facts were read.</param>
/// <param name="Facts">How many facts they have.</param>
public sealed record FactRebuild(long Events, long Facts);
