using JanusEvents.Observation;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>
/// The one writer of a sink: takes what waits, writes it as one batch, and tries again what failed as long as somebody
/// waits for it. To a sink that can take several batches at the same time it gives another beside the first once enough
/// waits for it, of senders that have nothing in the first: so each sender's order stays.
/// </summary>
internal sealed class SinkWriter : IAsyncDisposable
{
    // Less waits for the batch before: a transaction costs by itself. Counted in events; so much of that is one body, for its
    // hash and its answer.
    private const int MinBeside = 150;
    private const int WeightOfBody = 4;

    private readonly string _name;
    private readonly IEventSink _sink;
    private readonly PendingBodies _pending;
    private readonly Action<PendingBody> _stored;
    private readonly JanusEventsOptions _options;
    private readonly SinkRecords _records;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _most;
    private readonly WritingLoop _loop;

    private readonly Lock _gate = new();
    private readonly Queue<PendingBody> _queue = [];
    private readonly HashSet<Sender> _sendersOfWrites = [];
    private int _waiting;
    private int _writes;
    private bool _senderWaits;
    private bool _closed;
    private TaskCompletionSource? _change;

    /// <summary>Begins to wait for bodies.</summary>
    /// <param name="name">How messages call the sink.</param>
    /// <param name="sink">The sink.</param>
    /// <param name="pending">Who waits for the bodies.</param>
    /// <param name="stored">Called once for each body that the sink has stored; must not throw.</param>
    /// <param name="options">What makes a batch, and the waits after failures.</param>
    /// <param name="records">Where a writer that fails is recorded, for health.</param>
    /// <param name="time">Measures the waits.</param>
    /// <param name="logger">Where failures are reported; must not throw.</param>
    public SinkWriter(
        string name,
        IEventSink sink,
        PendingBodies pending,
        Action<PendingBody> stored,
        JanusEventsOptions options,
        SinkRecords records,
        TimeProvider time,
        ILogger logger)
    {
        _name = name;
        _sink = sink;
        _pending = pending;
        _stored = stored;
        _options = options;
        _records = records;
        _time = time;
        _logger = logger;
        _most = (sink as IResumingSink)?.WritesAtOnce ?? 1;
        _loop = new WritingLoop(name, RunAsync, records, time, logger);
    }

    /// <summary>Whether there is a batch to begin.</summary>
    private bool MayBegin => _queue.Count > 0
        && (_writes == 0 || (_writes < _most && _waiting >= MinBeside && !_senderWaits));

    /// <summary>Puts a body at the end of the queue. What bounds the queue are the requests that wait for it.</summary>
    public void Enqueue(PendingBody pending)
    {
        lock (_gate)
        {
            if (_closed)
                return;

            _queue.Enqueue(pending);
            _waiting += WeightOf(pending);
            if (MayBegin)
                Signal();
        }
    }

    /// <summary>Writes what waits and ends; gives up what is left when cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _closed = true;
            Signal();
        }

        return _loop.EndAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _loop.Dispose();
    }

    private async Task RunAsync(CancellationToken abandon)
    {
        while (true)
        {
            List<PendingBody> batch = [];
            Task change = Task.CompletedTask;
            lock (_gate)
            {
                if (!abandon.IsCancellationRequested && MayBegin)
                    TakeBatch(batch);
                if (batch.Count == 0)
                {
                    if (_writes == 0 && (_closed || abandon.IsCancellationRequested))
                        return;
                    _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    change = _change.Task;
                }
            }

            if (batch.Count > 0)
                _ = WriteToEndAsync(batch, abandon);
            else
                await change.ConfigureAwait(false);
        }
    }

    private void TakeBatch(List<PendingBody> batch)
    {
        BatchLimit limit = new(_options);
        while (_queue.TryPeek(out PendingBody? next))
        {
            _senderWaits = _sendersOfWrites.Contains(Sender.Of(next.Body));
            if (_senderWaits || !limit.Takes(next.Body))
                break;

            batch.Add(_queue.Dequeue());
            _waiting -= WeightOf(next);
        }

        if (batch.Count == 0)
            return;
        _writes++;
        foreach (PendingBody pending in batch)
            _sendersOfWrites.Add(Sender.Of(pending.Body));
    }

    private async Task WriteToEndAsync(List<PendingBody> batch, CancellationToken abandon)
    {
        PendingBody[] taken = [.. batch];
        try
        {
            await WriteAsync(batch, abandon).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What the sink throws never comes here; whatever else it is, nobody must wait for these bodies.
        catch (Exception e)
#pragma warning restore CA1031
        {
            DeliveryLog.WriterFailed(_logger, e, _name, taken.Length);
            _records.LoopFailed(_name, e);
            foreach (PendingBody pending in taken)
                _pending.GiveUp(pending);
        }

        lock (_gate)
        {
            _writes--;
            foreach (PendingBody pending in taken)
                _sendersOfWrites.Remove(Sender.Of(pending.Body));
            _senderWaits = false;
            Signal();
        }
    }

    private static int WeightOf(PendingBody pending) => pending.Body.Events.Count + WeightOfBody;

    private void Signal()
    {
        _change?.TrySetResult();
        _change = null;
    }

    /// <summary>Writes a batch until it is stored, nobody waits for it any more, or it is abandoned.</summary>
    private async Task WriteAsync(List<PendingBody> batch, CancellationToken abandon)
    {
        Backoff backoff = new(_options, _time);
        do
        {
            batch.RemoveAll(pending => !_pending.IsWanted(pending));
            if (batch.Count == 0)
                return;

            if (await TryWriteAsync(batch, backoff.Failures + 1, abandon).ConfigureAwait(false))
            {
                if (backoff.Failures > 0)
                    DeliveryLog.SinkRecovered(_logger, _name, backoff.Failures);
                foreach (PendingBody pending in batch)
                    _stored(pending);
                return;
            }
        }
        while (await backoff.WaitAsync(abandon).ConfigureAwait(false));
    }

    /// <summary>Writes a batch once. Only what the sink itself throws means "not stored".</summary>
    private async ValueTask<bool> TryWriteAsync(List<PendingBody> batch, int attempt, CancellationToken abandon)
    {
        try
        {
            await _sink.WriteAsync(new EventBatch([.. batch.Select(pending => pending.Body)]), abandon).ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // Whatever a sink throws means "not stored"; the writer must live on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            DeliveryLog.SinkFailed(_logger, e, _name, batch.Count, attempt);
            return false;
        }
    }

    /// <summary>A server, as far as its bodies tell it from others.</summary>
    private readonly record struct Sender(string? Address, string? Emitter)
    {
        public static Sender Of(ReceivedBody body) => new(body.RemoteAddress, body.Events.Count > 0 ? body.Events[0].Emitter : null);
    }
}
