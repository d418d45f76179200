using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanusEvents.Health;

/// <summary>The findings of a health check: the worst status, what is wrong in words, and the figures.</summary>
internal sealed class HealthFindings(HealthStatus failure)
{
    /// <summary>The number of servers that are named; more would make a page of figures that nobody reads.</summary>
    public const int MaxServers = 50;

    private readonly List<string> _wrong = [];
    private HealthStatus _status = HealthStatus.Healthy;

    public Dictionary<string, object> Data { get; } = new(StringComparer.Ordinal);

    /// <summary>Reports that events cannot be stored, or will soon be lost.</summary>
    public void Fail(string what) => Add(failure, what);

    /// <summary>Reports that something is not as it should be, though events are stored.</summary>
    public void Degrade(string what) => Add(HealthStatus.Degraded, what);

    public HealthCheckResult Result(Exception? exception) =>
        new(_status, _wrong.Count == 0 ? "Events can be stored." : string.Join(" ", _wrong), exception, Data);

    private void Add(HealthStatus status, string what)
    {
        _wrong.Add(what);
        if (status < _status)
            _status = status;
    }
}
