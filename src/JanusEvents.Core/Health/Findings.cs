using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanusEvents.Health;

/// <summary>What a check found: the worst of it, what is wrong in words, and the figures.</summary>
internal sealed class Findings(HealthStatus failure)
{
    private readonly List<string> _wrong = [];
    private HealthStatus _status = HealthStatus.Healthy;

    public Dictionary<string, object> Data { get; } = new(StringComparer.Ordinal);

    /// <summary>Notes that events cannot be stored, or will soon be lost.</summary>
    public void Fail(string what) => Note(failure, what);

    /// <summary>Notes that something is not as it should be, though events are stored.</summary>
    public void Degrade(string what) => Note(HealthStatus.Degraded, what);

    public HealthCheckResult Result(Exception? exception) =>
        new(_status, _wrong.Count == 0 ? "Events can be stored." : string.Join(" ", _wrong), exception, Data);

    private void Note(HealthStatus status, string what)
    {
        _wrong.Add(what);
        if (status < _status)
            _status = status;
    }
}
