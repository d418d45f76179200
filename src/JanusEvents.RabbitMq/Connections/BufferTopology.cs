using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Connections;

/// <summary>
/// The exchange and the queues of a buffer. A direct exchange with a key for each queue works with every broker; which queue a
/// server's bodies go to is decided here, by its name.
/// </summary>
internal sealed class BufferTopology
{
    private readonly RabbitMqPartitionOptions _options;
    private readonly QueueDefinition[] _queues;

    public BufferTopology(RabbitMqPartitionOptions options)
    {
        _options = options;
        DeadLetters = new QueueDefinition($"{options.Name}.dead");
        Writers = new QueueDefinition($"{options.Name}.writers");
        _queues =
        [
            .. Enumerable.Range(0, options.Partitions).Select(partition => new QueueDefinition(string.Create(CultureInfo.InvariantCulture, $"{options.Name}.{partition}"))
            {
                IsOrdered = true,
                DeadLetters = DeadLetters.Name,
                DeliveryLimit = options.DeliveryLimit,
            }),
        ];
    }

    public string Exchange => _options.Name;

    /// <summary>The queues of the partitions.</summary>
    public IReadOnlyList<QueueDefinition> Queues => _queues;

    /// <summary>The queue for dead letters.</summary>
    public QueueDefinition DeadLetters { get; }

    /// <summary>A queue that stays empty: each writer is a consumer of it, so that the others can count them.</summary>
    public QueueDefinition Writers { get; }

    /// <summary>The partition of a server: the same on every host and in every version.</summary>
    public int PartitionOf(string? emitter)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(emitter ?? ""), hash);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(hash) % (uint)_queues.Length);
    }

    /// <summary>The key that leads to a partition.</summary>
    public static string KeyOf(int partition) => partition.ToString(CultureInfo.InvariantCulture);

    /// <summary>Finds or declares everything.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="state">Gets how existing queues differ.</param>
    /// <param name="differs">Called for each of these.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="BrokerException">A queue is missing and may not be declared.</exception>
    public async Task EnsureAsync(IConnection connection, BrokerState state, Action<string, string> differs, CancellationToken cancellationToken)
    {
        bool declare = _options.Declare;
        state.Queue(DeadLetters.Name).IsDeadLetters = true;
        foreach (QueueDefinition queue in _queues.Append(DeadLetters).Append(Writers))
        {
            QueueState found = queue == Writers ? new QueueState(queue.Name, TimeProvider.System) : state.Queue(queue.Name);
            string? before = found.Difference;
            found.Difference = await queue.EnsureAsync(connection, declare, cancellationToken).ConfigureAwait(false);
            if (found.Difference is { } difference && difference != before)
                differs(queue.Name, difference);
        }

        if (!declare)
            return;

        IChannel channel = await connection.CreateChannelAsync(null, cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            await channel.ExchangeDeclareAsync(
                Exchange, ExchangeType.Direct, durable: true, autoDelete: false, arguments: null, passive: false, noWait: false, cancellationToken)
                .ConfigureAwait(false);
            for (int partition = 0; partition < _queues.Length; partition++)
            {
                await channel.QueueBindAsync(_queues[partition].Name, Exchange, KeyOf(partition), arguments: null, noWait: false, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }
}
