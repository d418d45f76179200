using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>
/// The one writer of a sink: takes what waits, writes it as one batch, and tries again what failed as long as somebody
/// waits for it.
/// </summary>
internal sealed class SinkWriter : IAsyncDisposable
{
    private readonly string _name;
    private readonly IEventSink _sink;
    private readonly Func<PendingBody, bool> _isWanted;
    private readonly Action<PendingBody> _stored;
    private readonly JanusEventsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<PendingBody> _queue =
        Channel.CreateUnbounded<PendingBody>(new UnboundedChannelOptions { SingleReader = true });
    private readonly WritingLoop _loop;

    public SinkWriter(
        string name,
        IEventSink sink,
        Func<PendingBody, bool> isWanted,
        Action<PendingBody> stored,
        JanusEventsOptions options,
        TimeProvider time,
        ILogger logger)
    {
        _name = name;
        _sink = sink;
        _isWanted = isWanted;
        _stored = stored;
        _options = options;
        _time = time;
        _logger = logger;
        _loop = new WritingLoop(name, RunAsync, time, logger);
    }

    /// <summary>Puts a body at the end of the queue. What bounds the queue are the requests that wait for it.</summary>
    public void Enqueue(PendingBody pending) => _queue.Writer.TryWrite(pending);

    /// <summary>Writes what waits and ends; gives up what is left when cancelled.</summary>
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
        List<PendingBody> batch = [];
        while (!abandon.IsCancellationRequested && await _queue.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            TakeBatch(batch);
            await WriteAsync(batch, abandon).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private void TakeBatch(List<PendingBody> batch)
    {
        BatchLimit limit = new(_options);
        while (_queue.Reader.TryPeek(out PendingBody? next) && limit.Takes(next.Body) && _queue.Reader.TryRead(out _))
            batch.Add(next);
    }

    private async Task WriteAsync(List<PendingBody> batch, CancellationToken abandon)
    {
        Backoff backoff = new(_options, _time);
        while (true)
        {
            batch.RemoveAll(pending => !_isWanted(pending));
            if (batch.Count == 0)
                return;

            try
            {
                EventBatch events = new([.. batch.Select(pending => pending.Body)]);
                await _sink.WriteAsync(events, abandon).ConfigureAwait(false);
                if (backoff.Failures > 0)
                    DeliveryLog.SinkRecovered(_logger, _name, backoff.Failures);
                foreach (PendingBody pending in batch)
                    _stored(pending);
                return;
            }
#pragma warning disable CA1031 // Whatever a sink throws means "not stored"; the writer must live on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                DeliveryLog.SinkFailed(_logger, e, _name, batch.Count, backoff.Failures + 1);
            }

            if (!await backoff.WaitAsync(abandon).ConfigureAwait(false))
                return;
        }
    }
}
