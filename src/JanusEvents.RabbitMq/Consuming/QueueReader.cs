using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.RabbitMq.Connections;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Consuming;

/// <summary>
/// Reads one queue for as long as the host runs: subscribes, subscribes again after a failure, and gives everything back while the store
/// is away for long.
/// </summary>
internal sealed class QueueReader(
    QueueSource queue,
    BrokerConnection connection,
    BodyReception reception,
    BrokerState state,
    JanusEventsOptions options,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly MinuteCount _failures = new(time);
    private volatile Subscription? _current;
    private Task _running = Task.CompletedTask;

    public string Queue => queue.Name;

    /// <summary>Whether it is the active consumer of its queue, as far as it knows: it got messages.</summary>
    public bool IsActive => _current?.IsActive == true;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Lets another consumer become the active one.</summary>
    public void HandOver() => _current?.HandOver();

    /// <summary>Ends after what was read is stored, or without it when patience ends.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _current?.HandOver();
        using CancellationTokenRegistration abandon = patience.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _abandon);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _abandon.Dispose();
    }

    private async Task RunAsync()
    {
        Backoff backoff = new(options, time);
        while (!_stop.IsCancellationRequested)
        {
            string cause;
            try
            {
                SubscriptionEnd end = await ReadAsync(backoff).ConfigureAwait(false);
                if (end.Held is { } held)
                    await UntilStoredAsync(held, end.HeldFor).ConfigureAwait(false);
                if (end.Cause is null)
                    continue;
                cause = end.Cause;
            }
#pragma warning disable CA1031 // Whatever it is, the messages are in the broker, and the next subscription gets them.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_stop.IsCancellationRequested)
                    return;
                cause = Outage.CauseOf(e);
                RabbitMqLog.FailedWith(logger, e, queue.Name);
            }

            state.Queue(queue.Name).LastError = cause;
            if (_failures.Add(1, out _))
                RabbitMqLog.QueueNotRead(logger, queue.Name, cause);
            await backoff.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the queue until the subscription ends.</summary>
    private async Task<SubscriptionEnd> ReadAsync(Backoff backoff)
    {
        IConnection open = await connection.GetAsync(_stop.Token).ConfigureAwait(false);
        await queue.PrepareAsync(open, _stop.Token).ConfigureAwait(false);
        IChannel channel = await open.CreateChannelAsync(null, _stop.Token).ConfigureAwait(false);
        Subscription subscription = new(queue, channel, reception, time);
        await using (subscription.ConfigureAwait(false))
        {
            try
            {
                await subscription.BeginAsync(_stop.Token).ConfigureAwait(false);
                _current = subscription;
                if (_stop.IsCancellationRequested)
                    subscription.HandOver();
                state.Queue(queue.Name).LastError = null;
                backoff.Reset();
                return await subscription.RunAsync(_abandon.Token).ConfigureAwait(false);
            }
            finally
            {
                _current = null;
            }
        }
    }

    /// <summary>Waits until the store works again: until it has the message that waited for it longest.</summary>
    private async Task UntilStoredAsync(HeldMessage held, TimeSpan heldFor)
    {
        QueueState known = state.Queue(queue.Name);
        known.BeginGiveBack();
        RabbitMqLog.GivenBack(logger, queue.Name, TimeSpan.FromSeconds(Math.Round(heldFor.TotalSeconds)));
        using (_stop.Token.UnsafeRegister(static message => ((HeldMessage)message!).GiveUp(), held))
        {
            bool stored = await held.Ended.ConfigureAwait(false);
            known.EndGiveBack();
            if (stored)
                RabbitMqLog.ReadAgain(logger, queue.Name);
        }
    }
}
