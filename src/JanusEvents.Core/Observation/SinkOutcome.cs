namespace JanusEvents.Observation;

/// <summary>How the writes of a sink went.</summary>
/// <param name="Name">How messages call the sink.</param>
/// <param name="HoldsAnswers">Whether senders wait for it.</param>
/// <param name="Failures">How many writes failed since the last one that did not.</param>
/// <param name="LastError">The type of the last exception; null when the last write did not fail.</param>
/// <param name="LastFailedAt">When a write failed last; null when none did.</param>
/// <param name="LastStoredAt">When a batch was stored last; null when none was.</param>
internal sealed record SinkOutcome(
    string Name,
    bool HoldsAnswers,
    int Failures,
    string? LastError,
    DateTimeOffset? LastFailedAt,
    DateTimeOffset? LastStoredAt);
