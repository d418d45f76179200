using JanusEvents.RabbitMq.Connections;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Consuming;

/// <summary>
/// Divides the queues of a buffer among its writers. The broker gives each queue to the consumer that came first, and so all of them to
/// the first writer; one that reads more than its share hands a queue over, in order.
/// </summary>
internal sealed class WriterBalance(
    BufferTopology topology, IReadOnlyList<QueueReader> readers, ILogger logger) : IAsyncDisposable
{
    private IChannel? _presence;

    /// <summary>Counts the writers, and hands over a queue if this one reads too many.</summary>
    public async Task CheckAsync(IConnection connection, CancellationToken cancellationToken)
    {
        if (_presence is not { IsOpen: true } presence)
            _presence = presence = await AnnounceAsync(connection, cancellationToken).ConfigureAwait(false);

        int writers = (int)(await presence.QueueDeclarePassiveAsync(topology.Writers.Name, cancellationToken).ConfigureAwait(false)).ConsumerCount;
        int active = readers.Count(reader => reader.IsActive);
        int share = (readers.Count + writers - 1) / Math.Max(1, writers);
        if (active <= share)
            return;

        QueueReader handedOver = readers.First(reader => reader.IsActive);
        RabbitMqLog.HandedOver(logger, handedOver.Queue, active, writers);
        handedOver.HandOver();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _presence, null) is { IsOpen: true } presence)
            await presence.CloseAsync(Constants.ReplySuccess, "", abort: true, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<IChannel> AnnounceAsync(IConnection connection, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(null, cancellationToken).ConfigureAwait(false);
        await channel.BasicConsumeAsync(
            topology.Writers.Name,
            autoAck: true,
            consumerTag: "",
            noLocal: false,
            exclusive: false,
            arguments: null,
            new AsyncDefaultBasicConsumer(channel),
            cancellationToken).ConfigureAwait(false);
        return channel;
    }
}
