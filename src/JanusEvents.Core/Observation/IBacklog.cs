namespace JanusEvents.Observation;

/// <summary>The bodies on disk that the sinks do not have yet: the spool, where there is one.</summary>
internal interface IBacklog
{
    /// <summary>Reads how far the sinks are behind.</summary>
    BacklogFigures Read();
}

/// <summary>How far the sinks are behind.</summary>
/// <param name="Bodies">How many bodies wait.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="OldestArrivedAt">When the oldest of them arrived; null when there is none.</param>
/// <param name="SuspendedSinks">The sinks that gave up their place, and miss events.</param>
internal sealed record BacklogFigures(long Bodies, long Bytes, DateTimeOffset? OldestArrivedAt, IReadOnlyList<string> SuspendedSinks);
