namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>One measurement, for one or more lines of the table.</summary>
internal interface IMeasurement
{
    /// <summary>How <c>--only</c> names it.</summary>
    string Name { get; }

    /// <summary>Takes it and adds its lines.</summary>
    Task RunAsync(IngestScene scene);
}
