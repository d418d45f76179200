namespace JanusEvents;

/// <summary>How far what was rejected was tried again.</summary>
/// <param name="Read">How much was tried.</param>
/// <param name="Stored">How much of it is stored now, and not rejected any more.</param>
public sealed record RejectedRetryResult(long Read, long Stored)
{
    /// <summary>How much stays rejected.</summary>
    public long Left => Read - Stored;
}
