namespace JanusEvents.Spool;

/// <summary>Where the spool lies and what it may do.</summary>
internal sealed record SpoolSettings(string Path, SpoolOptions Options);
