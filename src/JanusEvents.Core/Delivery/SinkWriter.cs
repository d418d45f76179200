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
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _running;

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
        _running = Task.Run(RunAsync);
    }

    /// <summary>Puts a body at the end of the queue. What bounds the queue are the requests that wait for it.</summary>
    public void Enqueue(PendingBody pending) => _queue.Writer.TryWrite(pending);

    /// <summary>Writes what waits and ends; gives up what is left when cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        using (cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _abandon))
            await _running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _abandon.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _abandon.Dispose();
    }

    private async Task RunAsync()
    {
        List<PendingBody> batch = [];
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            TakeBatch(batch);
            await WriteAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private void TakeBatch(List<PendingBody> batch)
    {
        BatchLimit limit = new(_options);
        while (_queue.Reader.TryPeek(out PendingBody? next) && limit.Takes(next.Body) && _queue.Reader.TryRead(out _))
            batch.Add(next);
    }

    private async Task WriteAsync(List<PendingBody> batch)
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
                await _sink.WriteAsync(events, _abandon.Token).ConfigureAwait(false);
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

            if (!await backoff.WaitAsync(_abandon.Token).ConfigureAwait(false))
                return;
        }
    }
}
