using JanusEvents.Observation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace JanusEvents.RabbitMq.Connections;

/// <summary>Asks the broker every few seconds how many messages wait in the queues, for health, the status page and metrics.</summary>
internal sealed class QueueWatch(
    BrokerConnection connection, BrokerState state, IReadOnlyList<string> queues, TimeProvider time, ILogger logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly MinuteCount _deadLetters = new(time);
    private Task _running = Task.CompletedTask;

    /// <summary>What else is asked and done each time.</summary>
    public Func<IConnection, CancellationToken, Task>? Besides { get; init; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                IConnection open = await connection.GetAsync(_stop.Token).ConfigureAwait(false);
                foreach (string queue in queues)
                    await AskAsync(open, state.Queue(queue)).ConfigureAwait(false);
                if (Besides is not null)
                    await Besides(open, _stop.Token).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Nothing depends on it; what needs the broker reports that it is away.
            catch (Exception e)
#pragma warning restore CA1031
            {
                RabbitMqLog.FailedWith(logger, e, state.Role);
                foreach (string queue in queues)
                    state.Queue(queue).Messages = null;
            }

            await Task.Delay(s_interval, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(IConnection open, QueueState queue)
    {
        IChannel channel = await open.CreateChannelAsync(null, _stop.Token).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                queue.Messages = (await channel.QueueDeclarePassiveAsync(queue.Name, _stop.Token).ConfigureAwait(false)).MessageCount;
            }
            catch (OperationInterruptedException)
            {
                queue.Messages = null; // It is not there yet, or not at present.
            }
        }

        if (queue is { IsDeadLetters: true, Messages: > 0 and { } dead } && _deadLetters.Add(1, out _))
            RabbitMqLog.DeadLetters(logger, queue.Name, dead);
    }
}
