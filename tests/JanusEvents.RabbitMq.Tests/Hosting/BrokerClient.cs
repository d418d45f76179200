using System.Text;
using JanusEvents.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace JanusEvents.RabbitMq.Tests.Hosting;

/// <summary>What a test asks the broker itself: as Janus, or as somebody who looks into the queues.</summary>
internal sealed class BrokerClient : IAsyncDisposable
{
    private readonly IConnection _connection;

    private BrokerClient(IConnection connection) => _connection = connection;

    public static async Task<BrokerClient> ConnectAsync(RabbitMqServer server, int node = 0)
    {
        ConnectionFactory factory = new() { HostName = "127.0.0.1", Port = server.PortOf(node), AutomaticRecoveryEnabled = false };
        return new BrokerClient(await factory.CreateConnectionAsync());
    }

    /// <summary>Publishes as Janus does: transient, with a content type and nothing else.</summary>
    public async Task PublishAsync(string queue, params IEnumerable<byte[]> bodies)
    {
        await using IChannel channel = await ConfirmingAsync();
        foreach (byte[] body in bodies)
            await PublishAsync(channel, "", queue, body);
    }

    public Task PublishAsync(string queue, string body) => PublishAsync(queue, Encoding.UTF8.GetBytes(body));

    public async Task PublishToExchangeAsync(string exchange, string key, byte[] body)
    {
        await using IChannel channel = await ConfirmingAsync();
        await PublishAsync(channel, exchange, key, body);
    }

    // A quorum queue that was declared a moment ago has no leader yet and rejects what comes; it is not stored then.
    private static Task PublishAsync(IChannel channel, string exchange, string key, byte[] body) => Wait.UntilAsync(
        async () =>
        {
            try
            {
                await channel.BasicPublishAsync(exchange, key, mandatory: true, new BasicProperties { ContentType = "application/json" }, body);
                return true;
            }
            catch (PublishException e) when (!e.IsReturn)
            {
                return false;
            }
        },
        Wait.Limit,
        "the broker to take a message");

    public async Task DeclareAsync(string queue, bool durable, params (string Name, object? Value)[] arguments)
    {
        await using IChannel channel = await _connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable, exclusive: false, autoDelete: false, arguments.ToDictionary(a => a.Name, a => a.Value));
    }

    public async Task DeclareExchangeAsync(string exchange, string type, bool durable)
    {
        await using IChannel channel = await _connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(exchange, type, durable);
    }

    public async Task BindAsync(string queue, string exchange, string key)
    {
        await using IChannel channel = await _connection.CreateChannelAsync();
        await channel.QueueBindAsync(queue, exchange, key);
    }

    /// <summary>How many messages are ready in a queue; null when there is none of the name.</summary>
    public async Task<long?> CountAsync(string queue)
    {
        IChannel channel = await _connection.CreateChannelAsync();
        await using (channel)
        {
            try
            {
                return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
            }
            catch (OperationInterruptedException)
            {
                return null;
            }
        }
    }

    public Task UntilCountAsync(string queue, long count) => Wait.UntilAsync(
        async () => await CountAsync(queue) == count, Wait.Limit, $"{count} messages to be ready in {queue}");

    /// <summary>Takes a message from a queue that nobody else reads; null when there is none.</summary>
    public async Task<BasicDeliverEventArgs?> TakeAsync(string queue)
    {
        if (await CountAsync(queue) is null or 0)
            return null;

        await using IChannel channel = await _connection.CreateChannelAsync();
        TaskCompletionSource<BasicDeliverEventArgs> taken = new();
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            BasicDeliverEventArgs copy = new(
                message.ConsumerTag, message.DeliveryTag, message.Redelivered, message.Exchange, message.RoutingKey, message.BasicProperties, message.Body.ToArray());
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
            taken.TrySetResult(copy);
        };
        await channel.BasicQosAsync(0, 1, global: false);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        return await taken.Task.WaitAsync(Wait.Limit);
    }

    /// <summary>Gets a message and returns it to its queue, as a consumer does that ends before it has acknowledged it.</summary>
    public async Task ReturnAsync(string queue)
    {
        await using IChannel channel = await _connection.CreateChannelAsync();
        TaskCompletionSource received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, _) =>
        {
            received.TrySetResult();
            return Task.CompletedTask;
        };
        await channel.BasicQosAsync(0, 1, global: false);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        await received.Task.WaitAsync(Wait.Limit);
        await channel.CloseAsync();
    }

    /// <summary>How the broker says that the arguments differ; null when they do not.</summary>
    public async Task<string?> DifferenceAsync(string queue, params (string Name, object? Value)[] arguments)
    {
        try
        {
            await DeclareAsync(queue, durable: true, arguments);
            return null;
        }
        catch (OperationInterruptedException e)
        {
            return e.ShutdownReason!.ReplyText;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task<IChannel> ConfirmingAsync() => _connection.CreateChannelAsync(new CreateChannelOptions(true, true));
}
