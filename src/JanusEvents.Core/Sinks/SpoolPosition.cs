namespace JanusEvents.Sinks;

/// <summary>How far a spool has been moved to a sink.</summary>
/// <param name="Spool">The spool, by the id that was made with its file.</param>
/// <param name="Sequence">The number of the last body.</param>
internal readonly record struct SpoolPosition(Guid Spool, long Sequence);
