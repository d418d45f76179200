using System.Diagnostics;
using JanusEvents.Delivery;
using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Consuming;

/// <summary>
/// One subscription to a queue, on a channel of its own. Messages are handed to the delivery in their order and acknowledged in their
/// order once they are stored; a message that is not acknowledged comes back to the queue when the channel ends, in its place.
/// </summary>
internal sealed class Subscription(QueueSource queue, IChannel channel, BodyReception reception, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_timeToClose = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly LinkedList<HeldMessage> _held = new();
    private readonly SemaphoreSlim _acknowledging = new(1);
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _handOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _empty;
    private volatile bool _takesNoMore;
    private volatile bool _hasReceived;
    private bool _hasEnded;

    /// <summary>Whether it got a message, so that it is the active consumer of its queue.</summary>
    public bool IsActive => _hasReceived && !_takesNoMore;

    /// <summary>Begins to get messages.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await channel.BasicQosAsync(0, (ushort)queue.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        DeliveryConsumer consumer = new(channel, TakeAsync, cause => _lost.TrySetResult(cause));
        await channel.BasicConsumeAsync(
            queue.Name, autoAck: false, consumerTag: "", noLocal: false, exclusive: false, arguments: null, consumer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has it end in order: what was read is stored and acknowledged, everything else goes back.</summary>
    public void HandOver()
    {
        _takesNoMore = true;
        _handOver.TrySetResult();
    }

    /// <summary>Runs until it ends.</summary>
    /// <param name="abandon">Ends the waiting for what was read.</param>
    public async Task<SubscriptionEnd> RunAsync(CancellationToken abandon)
    {
        while (true)
        {
            await ((Task)Task.WhenAny(_lost.Task, _handOver.Task)).WaitAsync(s_look, time, abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_lost.Task.IsCompleted)
            {
                await EndAsync(keep: null).ConfigureAwait(false);
                return SubscriptionEnd.Lost(await _lost.Task.ConfigureAwait(false));
            }

            if (_handOver.Task.IsCompleted)
            {
                await WhenEmpty().WaitAsync(queue.GiveBackAfter, time, abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await EndAsync(keep: null).ConfigureAwait(false);
                return SubscriptionEnd.HandedOver;
            }

            if (Oldest() is { } oldest && time.GetElapsedTime(oldest.Since) is { } held && held >= queue.GiveBackAfter)
            {
                // It is tried on, so that its end says when the store works again.
                await EndAsync(oldest).ConfigureAwait(false);
                return SubscriptionEnd.GivenBack(oldest, held);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(keep: null).ConfigureAwait(false);
    }

    /// <summary>Takes a message over from the client, which waits meanwhile.</summary>
    private async Task TakeAsync(Delivery delivery)
    {
        if (_takesNoMore)
            return;

        if (!_hasReceived)
        {
            _hasReceived = true;

            // The writer before may have stored the last messages of the same servers just now, with numbers beyond those that the
            // store has in hand here.
            await Task.Delay(TakeOver.Pause, time).ConfigureAwait(false);
        }

        ByteReservation memory = reception.Reserve();
        HeldMessage message;
        try
        {
            await memory.AddAsync(delivery.Bytes.Length, CancellationToken.None).ConfigureAwait(false);
            message = new HeldMessage(delivery.Tag, reception.Read(queue.Name, delivery), time.GetTimestamp());
            memory.Settle();
            lock (_gate)
            {
                if (_takesNoMore)
                {
                    memory.Dispose();
                    return;
                }

                _held.AddLast(message);
            }
        }
        catch
        {
            memory.Dispose();
            throw;
        }

        _ = StoreAsync(message, memory);
    }

    /// <summary>
    /// Stores a message; never throws. Messages are stored in the order in which this is called, since the delivery takes them before
    /// it waits.
    /// </summary>
    private async Task StoreAsync(HeldMessage message, ByteReservation memory)
    {
        bool stored = await reception.StoreAsync(queue.Name, message).ConfigureAwait(false);
        message.End(stored);
        memory.Dispose();
        if (stored)
            await AcknowledgeAsync().ConfigureAwait(false);
    }

    /// <summary>Acknowledges what is stored, up to the first message that is not.</summary>
    private async Task AcknowledgeAsync()
    {
        await _acknowledging.WaitAsync().ConfigureAwait(false);
        try
        {
            ulong last = 0;
            lock (_gate)
            {
                while (_held.First is { Value.IsStored: true } first)
                {
                    last = first.Value.Tag;
                    _held.RemoveFirst();
                }
            }

            if (last > 0 && channel.IsOpen)
                await channel.BasicAckAsync(last, multiple: true).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Its messages are delivered again, and known by their hash.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _lost.TrySetResult(e.Message);
        }
        finally
        {
            _acknowledging.Release();
            lock (_gate)
            {
                if (_held.Count == 0)
                    _empty?.TrySetResult();
            }
        }
    }

    private Task WhenEmpty()
    {
        lock (_gate)
        {
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_held.Count == 0)
                _empty.TrySetResult();
            return _empty.Task;
        }
    }

    private HeldMessage? Oldest()
    {
        lock (_gate)
            return _held.First?.Value;
    }

    /// <summary>Gives everything back that is not stored, and closes the channel.</summary>
    /// <param name="keep">A message that is not given up.</param>
    private async Task EndAsync(HeldMessage? keep)
    {
        HeldMessage[] left;
        lock (_gate)
        {
            if (_hasEnded)
                return;

            _hasEnded = _takesNoMore = true;
            left = [.. _held];
        }

        foreach (HeldMessage message in left)
        {
            if (message != keep)
                message.GiveUp();
        }

        // What is being written ends before somebody else gets it, if it does so soon.
        await ((Task)Task.WhenAll(left.Where(message => message != keep).Select(message => message.Ended)))
            .WaitAsync(s_timeToClose, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await channel.CloseAsync(Constants.ReplySuccess, "", abort: true, CancellationToken.None)
            .WaitAsync(s_timeToClose, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!channel.IsOpen)
            await channel.DisposeAsync().AsTask().WaitAsync(s_timeToClose, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
