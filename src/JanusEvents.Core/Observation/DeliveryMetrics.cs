using System.Diagnostics.Metrics;

namespace JanusEvents.Observation;

/// <summary>What this library tells of its own work: what comes in, what waits, and what the sinks do.</summary>
internal sealed class DeliveryMetrics
{
    private readonly ContainedInstrument<long> _bodies;
    private readonly ContainedInstrument<long> _rejected;
    private readonly ContainedInstrument<long> _duplicates;
    private readonly ContainedInstrument<long> _aborted;
    private readonly ContainedInstrument<long> _refused;
    private readonly ContainedInstrument<long> _dropped;
    private readonly ContainedInstrument<long> _lost;
    private long _waitingBodies;
    private long _waitingBytes;

    public DeliveryMetrics(JanusEventsMeter meter, Observers observers)
    {
        Meter m = meter.Meter;
        _bodies = observers.Contain(m.CreateCounter<long>("janus_events.bodies", "{body}", "Bodies that came in, by whatever door, those that came again included."));
        _rejected = observers.Contain(m.CreateCounter<long>("janus_events.rejected", "{piece}", "Pieces of bodies that are no events."));
        _duplicates = observers.Contain(m.CreateCounter<long>("janus_events.duplicates", "{body}", "Bodies that came again after they were stored, or while they were."));
        _aborted = observers.Contain(m.CreateCounter<long>("janus_events.aborted", "{request}", "Requests whose connection was broken off instead of an answer, so that the sender keeps the body."));
        _refused = observers.Contain(m.CreateCounter<long>("janus_events.refused", "{request}", "Requests that were refused without a look at their events."));
        _dropped = observers.Contain(m.CreateCounter<long>("janus_events.dropped", "{event}", "Events that a sink missed that is not required."));
        _lost = observers.Contain(m.CreateCounter<long>("janus_events.lost", "{event}", "Events that came by a WebSocket and could not be stored before the host ended."));
        BatchSize = observers.Contain(m.CreateHistogram(
            "janus_events.sink.batch.size", "{event}", "Events in a batch that a sink has stored.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] }));
        WriteDuration = observers.Contain(m.CreateHistogram(
            "janus_events.sink.duration", "s", "How long a sink took to store a batch, or to fail at it.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20] }));
        Retries = observers.Contain(m.CreateCounter<long>("janus_events.sink.retries", "{attempt}", "Writes that were tried after one that had failed."));
        m.CreateObservableUpDownCounter("janus_events.queue.length", () => Interlocked.Read(ref _waitingBodies), "{body}", "Bodies that wait to be stored, or are being stored.");
        m.CreateObservableUpDownCounter("janus_events.queue.size", () => Interlocked.Read(ref _waitingBytes), "By", "Bytes of the bodies that wait to be stored, or are being stored.");
    }

    public ContainedInstrument<long> BatchSize { get; }

    public ContainedInstrument<double> WriteDuration { get; }

    public ContainedInstrument<long> Retries { get; }

    /// <summary>Counts a body that came in.</summary>
    public void Received(ReceivedBody body)
    {
        _bodies.Record(1);
        if (body.Rejected.Count > 0)
            _rejected.Record(body.Rejected.Count);
    }

    /// <summary>Records that a body waits to be stored.</summary>
    public void Begin(ReceivedBody body)
    {
        Interlocked.Increment(ref _waitingBodies);
        Interlocked.Add(ref _waitingBytes, body.Json.Length);
    }

    /// <summary>Records that nobody waits any more for a body.</summary>
    public void End(ReceivedBody body)
    {
        Interlocked.Decrement(ref _waitingBodies);
        Interlocked.Add(ref _waitingBytes, -body.Json.Length);
    }

    /// <summary>Notes a body that was stored already, or was on its way.</summary>
    public void Duplicate() => _duplicates.Record(1);

    /// <summary>Notes that a connection was broken off.</summary>
    /// <param name="reason">One of a few words.</param>
    public void Aborted(string reason) => _aborted.Record(1, new KeyValuePair<string, object?>(Labels.Reason, reason));

    /// <summary>Notes a request that was refused.</summary>
    /// <param name="status">The status of the answer.</param>
    public void Refused(int status) => _refused.Record(1, new KeyValuePair<string, object?>(Labels.Status, status));

    /// <summary>Notes events that a sink missed.</summary>
    public void Dropped(string sink, int events) => _dropped.Record(events, new KeyValuePair<string, object?>(Labels.Sink, sink));

    /// <summary>Notes events that nobody has any more.</summary>
    public void Lost(int events) => _lost.Record(events);
}
