using JanusEvents.Sinks;

namespace JanusEvents.Observation;

/// <summary>The work of a sink, as its writer sees it: for measurements, spans and health.</summary>
internal sealed class SinkRecord(string name, bool holdsAnswers, DeliveryMetrics metrics, Tracing tracing, TimeProvider time)
{
    private readonly KeyValuePair<string, object?> _tag = new(Labels.Sink, name);
    private readonly Lock _gate = new();
    private SinkOutcome _outcome = new(name, holdsAnswers, 0, null, null, null);

    /// <summary>How messages call the sink.</summary>
    public string Name => name;

    /// <summary>How its writes went lately.</summary>
    public SinkOutcome Outcome
    {
        get
        {
            lock (_gate)
                return _outcome;
        }
    }

    /// <summary>Writes a batch, and records how long it took and how it went.</summary>
    public async ValueTask WriteAsync(IEventSink sink, EventBatch batch, CancellationToken cancellationToken)
    {
        if (_outcome.Failures > 0)
            metrics.Retries.Record(1, _tag);

        using ContainedSpan span = tracing.Begin(batch, name);
        long began = time.GetTimestamp();
        try
        {
            await sink.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not PartlyStoredException partly || !batch.Bodies.Any(partly.HasStored))
        {
            string error = e.GetType().FullName!;
            metrics.WriteDuration.Record(
                time.GetElapsedTime(began).TotalSeconds, _tag, new KeyValuePair<string, object?>(Labels.Error, error));
            span.Fail(error);
            if (!cancellationToken.IsCancellationRequested)
                Failed(error);
            throw;
        }
        catch (PartlyStoredException)
        {
            Stored();
            throw;
        }

        metrics.WriteDuration.Record(time.GetElapsedTime(began).TotalSeconds, _tag);
        metrics.BatchSize.Record(batch.Count, _tag);
        Stored();
    }

    /// <summary>Asks a sink how far a spool was stored; a failure of that is one of the sink.</summary>
    public async ValueTask<long> ReadPositionAsync(IResumingSink sink, Guid spool, CancellationToken cancellationToken)
    {
        try
        {
            return await sink.ReadPositionAsync(spool, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(e.GetType().FullName!);
            throw;
        }
    }

    /// <summary>Records a failure, by its type.</summary>
    public void Failed(string error)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
            _outcome = _outcome with { Failures = _outcome.Failures + 1, LastError = error, LastFailedAt = now };
    }

    private void Stored()
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
            _outcome = _outcome with { Failures = 0, LastError = null, LastStoredAt = now };
    }
}
