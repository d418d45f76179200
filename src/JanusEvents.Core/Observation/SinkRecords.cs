using System.Collections.Concurrent;

namespace JanusEvents.Observation;

/// <summary>Puts a record before each sink, and knows how all of them do.</summary>
internal sealed class SinkRecords(DeliveryMetrics metrics, Tracing tracing, TimeProvider time)
{
    private readonly ConcurrentQueue<SinkRecord> _records = [];

    /// <summary>How the writes of each sink went.</summary>
    public IEnumerable<SinkOutcome> Outcomes => _records.Select(record => record.Outcome);

    /// <summary>Gives a sink that does the same, and is watched.</summary>
    /// <param name="name">How messages call it.</param>
    /// <param name="holdsAnswers">Whether senders wait for it.</param>
    /// <param name="sink">The sink.</param>
    public IEventSink Watch(string name, bool holdsAnswers, IEventSink sink)
    {
        SinkRecord record = new(name, holdsAnswers, metrics, tracing, time);
        _records.Enqueue(record);
        return sink is IResumingSink resuming ? new WatchedResumingSink(resuming, record) : new WatchedSink(sink, record);
    }

    /// <summary>Records that the loop that writes to a sink has failed, until something is stored again.</summary>
    /// <param name="name">How messages call the sink.</param>
    /// <param name="exception">The failure that ended the loop.</param>
    public void LoopFailed(string name, Exception exception)
    {
        foreach (SinkRecord record in _records)
        {
            if (record.Name == name)
                record.Failed(exception.GetType().FullName!);
        }
    }

    private sealed class WatchedSink(IEventSink sink, SinkRecord record) : IEventSink
    {
        public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) =>
            record.WriteAsync(sink, batch, cancellationToken);
    }

    private sealed class WatchedResumingSink(IResumingSink sink, SinkRecord record) : IResumingSink
    {
        public int WritesAtOnce => sink.WritesAtOnce;

        public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) =>
            record.WriteAsync(sink, batch, cancellationToken);

        public ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken) =>
            record.ReadPositionAsync(sink, spool, cancellationToken);
    }
}
