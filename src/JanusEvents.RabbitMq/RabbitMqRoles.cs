using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.RabbitMq.Connections;
using JanusEvents.RabbitMq.Consuming;
using JanusEvents.RabbitMq.Observation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace JanusEvents.RabbitMq;

/// <summary>Makes what a host needs to be a receiver, a buffer or a writer.</summary>
internal static class RabbitMqRoles
{
    /// <summary>The receiver of what Janus publishes.</summary>
    public static IHostedService CreateReceiver(IServiceProvider services)
    {
        RabbitMqReceiverOptions options = services.GetRequiredService<IOptions<RabbitMqReceiverOptions>>().Value;
        Parts parts = Parts.Of(services, BrokerState.OfReceiver);
        BrokerConnection connection = new(options, parts.State, parts.Time, parts.Logger);
        JanusQueue janus = new(options, parts.State, parts.Logger);
        QueueSource source = new(options.Queue, options.Prefetch, options.GiveBackAfter, janus.PrepareAsync);
        return new QueueReaders(connection, [parts.Reader(source, connection)], parts.Watch(connection, [options.Queue]));
    }

    /// <summary>The connection of a buffer.</summary>
    public static BrokerConnection CreateBufferConnection(IServiceProvider services, object? key)
    {
        Parts parts = Parts.Of(services, BrokerState.OfBuffer);
        return new BrokerConnection(services.GetRequiredService<IOptions<RabbitMqBufferOptions>>().Value, parts.State, parts.Time, parts.Logger);
    }

    /// <summary>The watch of a buffer's queues.</summary>
    public static IHostedService CreateBufferWatch(IServiceProvider services)
    {
        BufferTopology topology = new(services.GetRequiredService<IOptions<RabbitMqBufferOptions>>().Value);
        return Parts.Of(services, BrokerState.OfBuffer)
            .Watch(services.GetRequiredKeyedService<BrokerConnection>(BrokerState.OfBuffer), NamesOf(topology));
    }

    /// <summary>The writer of a buffer's bodies.</summary>
    public static IHostedService CreateWriter(IServiceProvider services)
    {
        RabbitMqWriterOptions options = services.GetRequiredService<IOptions<RabbitMqWriterOptions>>().Value;
        Parts parts = Parts.Of(services, BrokerState.OfWriter);
        BufferTopology topology = new(options);
        BrokerConnection connection = new(options, parts.State, parts.Time, parts.Logger);
        QueueReader[] readers =
        [
            .. topology.Queues.Select(queue => parts.Reader(
                new QueueSource(queue.Name, options.Prefetch, options.GiveBackAfter, EnsureAsync), connection)),
        ];
        WriterBalance balance = new(topology, readers, parts.Logger);
        return new QueueReaders(connection, readers, parts.Watch(connection, NamesOf(topology), balance.CheckAsync), balance);

        Task EnsureAsync(IConnection open, CancellationToken cancellationToken) => topology.EnsureAsync(
            open, parts.State, (queue, difference) => RabbitMqLog.QueueDiffers(parts.Logger, queue, difference), cancellationToken);
    }

    private static string[] NamesOf(BufferTopology topology) => [.. topology.Queues.Append(topology.DeadLetters).Select(queue => queue.Name)];

    /// <summary>The services that every role uses.</summary>
    private sealed record Parts(IServiceProvider Services, BrokerState State, TimeProvider Time, ContainedLogger<BrokerConnection> Logger)
    {
        public static Parts Of(IServiceProvider services, string role)
        {
            // The instruments exist from now on.
            services.GetRequiredService<RabbitMqMetrics>();
            return new Parts(
                services,
                services.GetRequiredKeyedService<BrokerState>(role),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ContainedLogger<BrokerConnection>>());
        }

        public QueueReader Reader(QueueSource source, BrokerConnection connection) => new(
            source,
            connection,
            new BodyReception(
                State,
                Services.GetRequiredService<RepeatedDelivery>(),
                Services.GetRequiredService<ByteBudget>(),
                Services.GetRequiredService<JanusEventParser>(),
                Time,
                Logger),
            State,
            Services.GetRequiredService<IOptions<JanusEventsOptions>>().Value,
            Time,
            Logger);

        public QueueWatch Watch(BrokerConnection connection, IReadOnlyList<string> queues, Func<IConnection, CancellationToken, Task>? besides = null) =>
            new(connection, State, queues, Time, Logger) { Besides = besides };
    }
}
