using JanusEvents.Observation;
using JanusEvents.Sinks;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>
/// The one writer of a sink: takes what waits, writes it as one batch, and tries again what failed as long as somebody
/// waits for it. To a sink that can take several batches at the same time it gives another beside the first once enough
/// waits for it, of senders that have nothing in the first: so each sender's order stays. A failed batch is retried sender by
/// sender, and a sender whose bodies fail while others are stored gets a <see cref="SinkLane"/> of its own.
/// </summary>
internal sealed class SinkWriter : IAsyncDisposable
{
    // Less waits for the batch before: a transaction costs by itself. Counted in events; so much of that is one body, for its
    // hash and its answer.
    private const int MinBeside = 150;
    private const int WeightOfBody = 4;

    // When so many senders in turn fail, it is the store that does not work.
    private const int FailuresOfStore = 2;

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
    private readonly Dictionary<Sender, SinkLane> _lanes = [];
    private readonly SemaphoreSlim _slots;
    private readonly Outage _outage;
    private readonly Outage _outageOfSenders;
    private int _waiting;
    private int _writes;
    private bool _senderWaits;
    private bool _closed;
    private TaskCompletionSource? _change;

    /// <summary>Begins to wait for bodies.</summary>
    /// <param name="name">How messages call the sink.</param>
    /// <param name="sink">The sink.</param>
    /// <param name="pending">The bodies in progress and those who wait for them.</param>
    /// <param name="stored">Called once for each body that the sink has stored; must not throw.</param>
    /// <param name="options">The bounds of a batch, and the waits after failures.</param>
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
        _slots = new SemaphoreSlim(_most);
        _outage = new Outage(name, time, logger);
        _outageOfSenders = new Outage($"{name} (for some senders)", time, logger);
        _loop = new WritingLoop(name, RunAsync, records, time, logger);
    }

    /// <summary>Whether there is a batch to begin.</summary>
    private bool MayBegin => _queue.Count > 0
        && (_writes == 0 || (_writes < _most && _waiting >= MinBeside && !_senderWaits));

    /// <summary>Puts a body at the end of the queue. The requests that wait for it bound the queue.</summary>
    public void Enqueue(PendingBody pending)
    {
        lock (_gate)
        {
            if (_closed)
                return;

            if (_lanes.TryGetValue(Sender.Of(pending.Body), out SinkLane? lane))
            {
                lane.Enqueue(pending);
                return;
            }

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
        // The semaphore has nothing to dispose of, and a sink that hangs may come back to it.
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
                    if (_writes == 0 && _lanes.Count == 0 && (_closed || abandon.IsCancellationRequested))
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
        List<PendingBody> taken = [.. batch];
        try
        {
            await WriteAsync(batch, taken, abandon).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Exceptions of the sink never arrive here; whatever else it is, nobody must wait for these bodies.
        catch (Exception e)
#pragma warning restore CA1031
        {
            DeliveryLog.WriterFailed(_logger, e, _name, taken.Count);
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

    /// <summary>
    /// Writes a batch until it is stored, nobody waits for it any more, or it is abandoned; or until the store works but for some
    /// senders, whose bodies go on in lanes of their own.
    /// </summary>
    private async Task WriteAsync(List<PendingBody> batch, List<PendingBody> taken, CancellationToken abandon)
    {
        Backoff backoff = new(_options, _time);
        List<List<PendingBody>> parts = [batch];
        while (!await TryWriteAsync(parts, abandon).ConfigureAwait(false))
        {
            if (!await backoff.WaitAsync(abandon).ConfigureAwait(false))
                return;

            // Perhaps only these fail.
            lock (_gate)
                TakeWaiting(parts, taken);
        }

        foreach (List<PendingBody> part in parts)
            OpenLane(part, abandon);
    }

    /// <summary>Takes what other senders sent while a batch failed, to be written first.</summary>
    private void TakeWaiting(List<List<PendingBody>> parts, List<PendingBody> taken)
    {
        List<PendingBody> others = [];
        HashSet<Sender> sendersOfOthers = [];
        BatchLimit limit = new(_options);
        bool isFull = false;
        for (int waiting = _queue.Count; waiting > 0; waiting--)
        {
            PendingBody next = _queue.Dequeue();
            Sender sender = Sender.Of(next.Body);
            bool isOthers = !_sendersOfWrites.Contains(sender);
            isFull |= isOthers && !limit.Takes(next.Body);
            if (!isOthers || isFull)
            {
                _queue.Enqueue(next);
                continue;
            }

            others.Add(next);
            taken.Add(next);
            sendersOfOthers.Add(sender);
            _waiting -= WeightOf(next);
        }

        _sendersOfWrites.UnionWith(sendersOfOthers);
        if (others.Count > 0)
            parts.Insert(0, others);
    }

    /// <summary>Writes each part of a batch once; what is left of them is divided by senders.</summary>
    /// <returns>Whether the store works: what is left then is in trouble of its own.</returns>
    private async Task<bool> TryWriteAsync(List<List<PendingBody>> parts, CancellationToken abandon)
    {
        bool works = false;
        int failuresInTurn = 0;
        List<List<PendingBody>> failed = [];
        while (parts.Count > 0 && failuresInTurn < FailuresOfStore)
        {
            List<PendingBody> part = parts[0];
            parts.RemoveAt(0);
            part.RemoveAll(pending => !_pending.IsWanted(pending));
            if (part.Count == 0)
                continue;

            (List<PendingBody> left, bool storeWorks) = await TryWriteAsync(part, _outage, abandon).ConfigureAwait(false);
            works |= storeWorks;
            failuresInTurn = storeWorks ? 0 : failuresInTurn + 1;
            failed.AddRange(left.GroupBy(pending => Sender.Of(pending.Body)).Select(ofSender => ofSender.ToList()));
        }

        // The last in the next round, so that they never keep others from being tried.
        parts.AddRange(failed);
        foreach (List<PendingBody> part in parts)
            part.RemoveAll(pending => !_pending.IsWanted(pending));
        parts.RemoveAll(part => part.Count == 0);
        return works || parts.Count == 0;
    }

    /// <summary>Writes bodies once. Only what the sink itself throws means "not stored".</summary>
    /// <returns>Those that are not stored, and whether the store works, as far as is known.</returns>
    private async Task<(List<PendingBody> Left, bool StoreWorks)> TryWriteAsync(
        List<PendingBody> bodies,
        Outage outage,
        CancellationToken abandon)
    {
        List<PendingBody> left = [];
        await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await _sink.WriteAsync(new EventBatch([.. bodies.Select(pending => pending.Body)]), abandon).ConfigureAwait(false);
        }
        catch (PartlyStoredException e)
        {
            left = bodies.FindAll(pending => !e.HasStored(pending.Body));
            _outageOfSenders.Failed(e);
        }
#pragma warning disable CA1031 // Whatever a sink throws means "not stored"; the writer must live on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            outage.Failed(e);
            return (bodies, false);
        }
        finally
        {
            _slots.Release();
        }

        // Of senders in trouble, it is over when none of them is left.
        if (outage == _outage)
            outage.Worked();
        foreach (PendingBody pending in bodies.Except(left))
            _stored(pending);
        return (left, true);
    }

    /// <summary>Goes on with the bodies of one sender by themselves, and with what comes from it meanwhile.</summary>
    private void OpenLane(List<PendingBody> bodies, CancellationToken abandon)
    {
        Sender sender = Sender.Of(bodies[0].Body);
        SinkLane lane = new(_options, bodies);
        lock (_gate)
        {
            // Its waiting bodies come after these.
            for (int waiting = _queue.Count; waiting > 0; waiting--)
            {
                PendingBody next = _queue.Dequeue();
                if (Sender.Of(next.Body) != sender)
                {
                    _queue.Enqueue(next);
                    continue;
                }

                lane.Enqueue(next);
                _waiting -= WeightOf(next);
            }

            _lanes.Add(sender, lane);
        }

        _ = RunLaneAsync(sender, lane, abandon);
    }

    private async Task RunLaneAsync(Sender sender, SinkLane lane, CancellationToken abandon)
    {
        Backoff backoff = new(_options, _time);
        try
        {
            while (await backoff.WaitAsync(abandon).ConfigureAwait(false) && !await TryEmptyAsync(lane, sender, abandon).ConfigureAwait(false))
            {
            }
        }
#pragma warning disable CA1031 // Exceptions of the sink never arrive here; whatever else it is, nobody must wait for these bodies.
        catch (Exception e)
#pragma warning restore CA1031
        {
            DeliveryLog.WriterFailed(_logger, e, _name, lane.Count);
            _records.LoopFailed(_name, e);
        }

        lock (_gate)
        {
            if (_lanes.GetValueOrDefault(sender) == lane)
            {
                _lanes.Remove(sender);
                foreach (PendingBody pending in lane.TakeAll())
                    _pending.GiveUp(pending);
            }

            Signal();
        }
    }

    /// <summary>Writes what waits in a lane, until something fails.</summary>
    /// <returns>Whether nothing is left, so that the lane is closed.</returns>
    private async Task<bool> TryEmptyAsync(SinkLane lane, Sender sender, CancellationToken abandon)
    {
        while (true)
        {
            List<PendingBody> batch;
            lock (_gate)
            {
                batch = lane.NextBatch();
                if (batch.Count == 0)
                {
                    _lanes.Remove(sender);
                    if (_lanes.Count == 0)
                        _outageOfSenders.Worked();
                    return true;
                }
            }

            batch.RemoveAll(pending => !_pending.IsWanted(pending));
            List<PendingBody> left = [];
            if (batch.Count > 0)
                (left, _) = await TryWriteAsync(batch, _outageOfSenders, abandon).ConfigureAwait(false);
            lock (_gate)
                lane.Written(left);
            if (left.Count > 0)
                return false;
        }
    }
}
