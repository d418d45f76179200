using JanusEvents.Observation;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>The troubles that the next digest counts. Of bounded size.</summary>
internal sealed class DigestCounts
{
    private const int MaxCounts = 100;

    private readonly Dictionary<(string? Emitter, string Code), (TroubleSeverity Severity, int Count)> _counts = [];
    private DateTimeOffset _from;
    private DateTimeOffset _to;
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Add(Trouble trouble, DateTimeOffset at)
    {
        if (IsEmpty)
            _from = at;
        _to = at;
        _count++;
        (string? Emitter, string Code) key = (trouble.Subject.Emitter, trouble.Code);
        if (_counts.Count >= MaxCounts && !_counts.ContainsKey(key))
            key = (Labels.Other, trouble.Code);
        (TroubleSeverity severity, int count) = _counts.GetValueOrDefault(key);
        _counts[key] = (trouble.Severity > severity ? trouble.Severity : severity, count + 1);
    }

    /// <summary>The counts; counting begins anew.</summary>
    public TroubleDigest Take()
    {
        TroubleDigest digest = new(_from, _to, _count,
        [
            .. _counts.Select(pair => new TroubleCount(pair.Key.Emitter, pair.Key.Code, pair.Value.Severity, pair.Value.Count))
                .OrderByDescending(count => count.Count).ThenBy(count => count.Emitter, StringComparer.Ordinal).ThenBy(count => count.Code, StringComparer.Ordinal),
        ]);
        _counts.Clear();
        _count = 0;
        return digest;
    }
}
