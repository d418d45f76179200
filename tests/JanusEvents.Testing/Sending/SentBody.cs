namespace JanusEvents.Testing;

/// <summary>What became of a body.</summary>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Status">The status of the answer; null when it was lost.</param>
/// <param name="Failures">Why each failed attempt failed, in order.</param>
public sealed record SentBody(int Attempts, int? Status, IReadOnlyList<string> Failures)
{
    /// <summary>Whether an HTTP answer came, whichever: Janus takes every one for delivered.</summary>
    public bool Delivered => Status is not null;

    /// <summary>Whether all attempts failed: Janus then throws the body away.</summary>
    public bool Lost => !Delivered;
}
