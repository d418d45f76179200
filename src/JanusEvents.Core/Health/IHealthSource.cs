namespace JanusEvents.Health;

/// <summary>A part of the library that adds its findings to the health check.</summary>
internal interface IHealthSource
{
    /// <summary>Adds what is wrong, and figures.</summary>
    void Report(HealthFindings findings);
}
