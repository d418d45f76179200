using System.Diagnostics.Metrics;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Observation;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>The instruments <c>janus.troubles</c> and <c>janus.troubles.begun</c>. They are observed, so that counting calls no listener.</summary>
internal sealed class TroubleCounts
{
    private const int MaxOpen = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Emitter, string Code, TroubleSeverity Severity)> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Emitter, string Code, TroubleSeverity Severity), (long Open, long Begun)> _counts = [];
    private readonly HashSet<string> _emitters = new(StringComparer.Ordinal);

    public TroubleCounts(JanusEventsMeter meter)
    {
        meter.Meter.CreateObservableUpDownCounter("janus.troubles", () => Read(count => count.Open), "{trouble}", "Open troubles.");
        meter.Meter.CreateObservableCounter("janus.troubles.begun", () => Read(count => count.Begun), "{trouble}", "Troubles that began.");
    }

    /// <summary>Counts a change of a trouble.</summary>
    public void Note(Trouble trouble, TroubleChange change)
    {
        lock (_gate)
        {
            (string, string, TroubleSeverity Severity) key = (LabelOf(trouble.Subject.Emitter), trouble.Code, trouble.Severity);
            if (change == TroubleChange.Began)
                Add(key, 0, 1);
            if (_open.Remove(trouble.Id, out (string, string, TroubleSeverity) before))
                Add(before, -1, 0);
            if (trouble.Ended is null && _open.Count < MaxOpen)
            {
                _open.Add(trouble.Id, key);
                Add(key, 1, 0);
            }
        }
    }

    /// <summary>Counts a trouble that was open before this process began.</summary>
    public void Resume(Trouble trouble) => Note(trouble, TroubleChange.Worsened);

    /// <summary>The label of a server; at most <see cref="StoredBodies.MaxEmitters"/>, then <see cref="Labels.Other"/>.</summary>
    private string LabelOf(string? emitter)
    {
        string name = Intake.NameOf(emitter);
        if (name.Length == 0)
            return Labels.Unknown;
        return _emitters.Contains(name) || (_emitters.Count < StoredBodies.MaxEmitters && _emitters.Add(name)) ? name : Labels.Other;
    }

    private void Add((string, string, TroubleSeverity) key, long open, long begun)
    {
        (long Open, long Begun) count = _counts.GetValueOrDefault(key);
        _counts[key] = (count.Open + open, count.Begun + begun);
    }

    private List<Measurement<long>> Read(Func<(long Open, long Begun), long> value)
    {
        lock (_gate)
        {
            return
            [
                .. _counts.Select(pair => new Measurement<long>(
                    value(pair.Value),
                    new(Labels.Emitter, pair.Key.Emitter),
                    new(TroubleLabels.Code, pair.Key.Code),
                    new(TroubleLabels.Severity, TroubleWords.Of(pair.Key.Severity)))),
            ];
        }
    }
}
