using System.Diagnostics.Metrics;

namespace JanusEvents.Observation;

/// <summary>The library's own telemetry: what is received, what waits, and what the sinks do.</summary>
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
        _bodies = observers.Contain(m.CreateCounter<long>("janus_events.bodies", "{body}", "Bodies received by all endpoints and receivers, duplicates included."));
        _rejected = observers.Contain(m.CreateCounter<long>("janus_events.rejected", "{element}", "Invalid elements of bodies."));
        _duplicates = observers.Contain(m.CreateCounter<long>("janus_events.duplicates", "{body}", "Duplicate bodies: retransmitted after they were stored, or meanwhile."));
        _aborted = observers.Contain(m.CreateCounter<long>("janus_events.aborted", "{request}", "Requests whose connection was aborted instead of an answer, so that the sender keeps the body."));
        _refused = observers.Contain(m.CreateCounter<long>("janus_events.refused", "{request}", "Requests refused before their events were read."));
        _dropped = observers.Contain(m.CreateCounter<long>("janus_events.dropped", "{event}", "Events dropped by best-effort sinks."));
        _lost = observers.Contain(m.CreateCounter<long>("janus_events.lost", "{event}", "Events received by WebSocket that could not be stored before the host stopped."));
        BatchSize = observers.Contain(m.CreateHistogram(
            "janus_events.sink.batch.size", "{event}", "Events in each batch that a sink stored.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] }));
        WriteDuration = observers.Contain(m.CreateHistogram(
            "janus_events.sink.duration", "s", "Duration of a sink's write, successful or not.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20] }));
        Retries = observers.Contain(m.CreateCounter<long>("janus_events.sink.retries", "{attempt}", "Writes repeated after a failure."));
        m.CreateObservableUpDownCounter("janus_events.queue.length", () => Interlocked.Read(ref _waitingBodies), "{body}", "Bodies waiting to be stored, or being stored.");
        m.CreateObservableUpDownCounter("janus_events.queue.size", () => Interlocked.Read(ref _waitingBytes), "By", "Bytes of the bodies waiting to be stored, or being stored.");
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

    /// <summary>Records a body that was stored already, or was on its way.</summary>
    public void Duplicate() => _duplicates.Record(1);

    /// <summary>Records an aborted connection.</summary>
    /// <param name="reason">One of a few words.</param>
    public void Aborted(string reason) => _aborted.Record(1, new KeyValuePair<string, object?>(Labels.Reason, reason));

    /// <summary>Records a request that was refused.</summary>
    /// <param name="status">The status of the answer.</param>
    public void Refused(int status) => _refused.Record(1, new KeyValuePair<string, object?>(Labels.Status, status));

    /// <summary>Records events that a sink missed.</summary>
    public void Dropped(string sink, int events) => _dropped.Record(events, new KeyValuePair<string, object?>(Labels.Sink, sink));

    /// <summary>Records events that are lost.</summary>
    public void Lost(int events) => _lost.Record(events);
}
