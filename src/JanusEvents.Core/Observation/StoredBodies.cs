using System.Collections.Frozen;
using JanusEvents.Events;
using JanusEvents.Parsing;

namespace JanusEvents.Observation;

/// <summary>
/// The stored bodies in the order of storing, each once: counts their events by server and kind, and passes them to the
/// observers. Duplicates are counted and go no further.
/// </summary>
internal sealed class StoredBodies
{
    /// <summary>The number of servers with a tag of their own; all others share <see cref="Labels.Other"/>.</summary>
    public const int MaxEmitters = 256;

    // Janus retransmits for about a minute. A duplicate of an older body is counted as a new body.
    private const int MaxRecent = 32_768;

    private static readonly KeyValuePair<string, object?>[] s_kinds =
        [.. EventKinds.All.Select(kind => new KeyValuePair<string, object?>(Labels.Kind, kind.Name))];

    private static readonly FrozenDictionary<Type, int> s_places =
        EventKinds.All.Index().ToFrozenDictionary(kind => kind.Item.Record, kind => kind.Index);

    private readonly Lock _gate = new();
    private readonly DeliveryMetrics _delivery;
    private readonly Observers _observers;
    private readonly ContainedInstrument<long> _stored;
    private readonly (string Name, Action<ReceivedBody> Observe)[] _passTo;
    private readonly HashSet<ulong> _recent = [];
    private readonly Queue<ulong> _recentOrder = new();
    private readonly Dictionary<string, EventCounts> _byEmitter = new(StringComparer.Ordinal);
    private EventCounts? _others;

    public StoredBodies(JanusEventsMeter meter, DeliveryMetrics delivery, Observers observers, IEnumerable<IStoredBodyObserver> passTo)
    {
        (_delivery, _observers) = (delivery, observers);
        _stored = observers.Contain(meter.Meter.CreateCounter<long>(
            "janus_events.events", "{event}", "Events stored, without those of duplicate bodies."));
        _passTo = [.. passTo.Select(o => (o.Name, (Action<ReceivedBody>)o.Observe))];
    }

    /// <summary>Counts a stored body and passes it to the observers, unless it is a duplicate.</summary>
    public void Add(ReceivedBody body)
    {
        // The observers run under the lock, so that all of them see the same order.
        lock (_gate)
        {
            if (!IsNew(BodyHash.Of(body).A))
            {
                body.IsDuplicate = true;
                _delivery.Duplicate();
                return;
            }

            Count(body.Events);
            foreach ((string name, Action<ReceivedBody> observe) in _passTo)
                _observers.Run(name, observe, body);
        }
    }

    private bool IsNew(ulong hash)
    {
        if (!_recent.Add(hash))
            return false;

        if (_recentOrder.Count == MaxRecent)
            _recent.Remove(_recentOrder.Dequeue());
        _recentOrder.Enqueue(hash);
        return true;
    }

    private void Count(IReadOnlyList<JanusEvent> events)
    {
        EmitterRuns runs = new(events);
        while (runs.MoveNext())
        {
            EventCounts counts = CountsOf(runs.Emitter);
            for (int i = runs.First; i < runs.End; i++)
                counts.Add(events[i]);
            counts.RecordTo(_stored);
        }
    }

    private EventCounts CountsOf(string? emitter)
    {
        string name = Intake.NameOf(emitter);
        if (_byEmitter.TryGetValue(name, out EventCounts? counts))
            return counts;
        if (_byEmitter.Count == MaxEmitters)
            return _others ??= new EventCounts(Labels.Other);

        _byEmitter.Add(name, counts = new EventCounts(name.Length == 0 ? Labels.Unknown : name));
        return counts;
    }

    /// <summary>The events of one server by kind, gathered over a body so that the instrument is called once a kind.</summary>
    private sealed class EventCounts(string label)
    {
        private readonly long[] _counts = new long[s_kinds.Length];
        private readonly KeyValuePair<string, object?> _emitter = new(Labels.Emitter, label);

        public void Add(JanusEvent e) => _counts[s_places[e.GetType()]]++;

        public void RecordTo(ContainedInstrument<long> instrument)
        {
            for (int kind = 0; kind < _counts.Length; kind++)
            {
                if (_counts[kind] == 0)
                    continue;
                instrument.Record(_counts[kind], _emitter, s_kinds[kind]);
                _counts[kind] = 0;
            }
        }
    }
}
