namespace JanusEvents;

/// <summary>How far a spool was moved to a sink.</summary>
/// <param name="Spool">The spool: an id that was created with its file.</param>
/// <param name="Sequence">The number of the last body, from 1. It grows with every body of the spool.</param>
public readonly record struct SpoolPosition(Guid Spool, long Sequence);
