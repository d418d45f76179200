namespace JanusEvents;

/// <summary>The bodies of a spool that not every sink has stored yet.</summary>
/// <param name="Bodies">How many bodies.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="OldestArrivedAt">When the oldest of them arrived; null when there is none.</param>
/// <param name="SuspendedSinks">
/// The sinks that held up the others when the spool was full and that miss events now.
/// </param>
public sealed record SpoolBacklog(long Bodies, long Bytes, DateTimeOffset? OldestArrivedAt, IReadOnlyList<string> SuspendedSinks);
