namespace JanusEvents.Spool;

/// <summary>A body as it lies in the spool.</summary>
internal sealed record SpooledBody(long Sequence, DateTimeOffset ArrivedAt, string? RemoteAddress, byte[] Json)
{
    /// <summary>What its bytes do not show any more, where it was redacted.</summary>
    public RedactedBody? Redacted { get; init; }
}
