using JanusEvents.RabbitMq.Connections;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace JanusEvents.RabbitMq.Consuming;

/// <summary>The queue that Janus publishes to, and the exchange if it has one.</summary>
internal sealed class JanusQueue(RabbitMqReceiverOptions options, BrokerState state, ILogger logger)
{
    private readonly QueueDefinition _queue = new(options.Queue) { IsOrdered = true };

    /// <summary>Finds or declares the queue; declares and binds the exchange again, which Janus makes so that a restart of the broker ends it.</summary>
    public async Task PrepareAsync(IConnection connection, CancellationToken cancellationToken)
    {
        QueueState known = state.Queue(options.Queue);
        string? before = known.Difference;
        known.Difference = await _queue.EnsureAsync(connection, options.Declare, cancellationToken).ConfigureAwait(false);
        if (known.Difference is { } difference && difference != before)
            RabbitMqLog.QueueDiffers(logger, options.Queue, difference);
        if (string.IsNullOrEmpty(options.Exchange))
            return;

        IChannel channel = await connection.CreateChannelAsync(null, cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                await channel.ExchangeDeclareAsync(
                    options.Exchange, options.ExchangeType, durable: false, autoDelete: false, arguments: null, passive: false, noWait: false, cancellationToken)
                    .ConfigureAwait(false);
                await channel.QueueBindAsync(options.Queue, options.Exchange, options.BindingKey, arguments: null, noWait: false, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (OperationInterruptedException e)
            {
                throw new BrokerException(
                    $"Exchange {options.Exchange} cannot be declared as Janus declares it, or bound ({e.ShutdownReason?.ReplyText}). Set ExchangeType to Janus's exchange_type.", e);
            }
        }
    }
}
