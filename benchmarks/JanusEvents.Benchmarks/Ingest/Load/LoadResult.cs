namespace JanusEvents.Benchmarks.Ingest.Load;

/// <summary>What was sent and acknowledged, and how long it took.</summary>
internal sealed record LoadResult(long Posts, long Events, TimeSpan Elapsed);
