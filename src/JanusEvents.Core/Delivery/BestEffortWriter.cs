using System.Threading.Channels;
using JanusEvents.Observation;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>The writer of one sink that may lose events: what does not fit into its queue, or fails, is dropped.</summary>
internal sealed class BestEffortWriter : IAsyncDisposable
{
    private readonly string _name;
    private readonly IEventSink _sink;
    private readonly JanusEventsOptions _options;
    private readonly DeliveryMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Channel<ReceivedBody> _queue = Channel.CreateUnbounded<ReceivedBody>(
        new UnboundedChannelOptions { SingleReader = true });
    private readonly WritingLoop _loop;
    private readonly MinuteCount _failed;
    private long _queuedBytes;
    private long _dropped;

    public BestEffortWriter(
        string name,
        IEventSink sink,
        JanusEventsOptions options,
        DeliveryMetrics metrics,
        SinkRecords records,
        TimeProvider time,
        ILogger logger)
    {
        _name = name;
        _sink = sink;
        _options = options;
        _metrics = metrics;
        _logger = logger;
        _failed = new MinuteCount(time);
        _loop = new WritingLoop(name, RunAsync, records, time, logger);
    }

    /// <summary>How messages call the sink.</summary>
    public string Name => _name;

    /// <summary>How many events were dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Puts a body into the queue, or drops it when the queue is full.</summary>
    public void Offer(ReceivedBody body)
    {
        long queued = Interlocked.Add(ref _queuedBytes, body.Json.Length);
        if ((queued > _options.BestEffortQueueBytes && queued > body.Json.Length) || !_queue.Writer.TryWrite(body))
        {
            Interlocked.Add(ref _queuedBytes, -body.Json.Length);
            Drop(body.Events.Count);
        }
    }

    /// <summary>Writes what waits and ends; drops what is left when cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        return _loop.EndAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _loop.Dispose();
    }

    private async Task RunAsync(CancellationToken abandon)
    {
        List<ReceivedBody> bodies = [];
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            BatchLimit limit = new(_options);
            while (_queue.Reader.TryPeek(out ReceivedBody? next) && limit.Takes(next) && _queue.Reader.TryRead(out _))
                bodies.Add(next);

            await WriteAsync(new EventBatch([.. bodies]), abandon).ConfigureAwait(false);
            Interlocked.Add(ref _queuedBytes, -bodies.Sum(b => (long)b.Json.Length));
            bodies.Clear();
        }
    }

    private async Task WriteAsync(EventBatch batch, CancellationToken abandon)
    {
        try
        {
            abandon.ThrowIfCancellationRequested();
            await _sink.WriteAsync(batch, abandon).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a sink throws means "not stored", which such a sink is allowed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_failed.Add(batch.Count, out long events))
            {
                DeliveryLog.BestEffortFailed(_logger, _name, Outage.CauseOf(e), events);
                DeliveryLog.SinkFailedWith(_logger, e, _name);
            }

            _metrics.Dropped(_name, batch.Count);
            Interlocked.Add(ref _dropped, batch.Count);
        }
    }

    private void Drop(int events)
    {
        _metrics.Dropped(_name, events);
        // One line per thousand, so that a sink that hangs does not fill the log.
        if (Interlocked.Add(ref _dropped, events) % 1000 < events)
            DeliveryLog.BestEffortFull(_logger, _name, Dropped);
    }
}
