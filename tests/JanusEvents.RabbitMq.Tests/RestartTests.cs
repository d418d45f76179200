using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;
using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>A broker that is killed and comes back.</summary>
public sealed class RestartTests
{
    [FactNeeding(Capabilities.RabbitMq)]
    public async Task After_a_restart_the_queue_is_read_the_named_exchange_is_bound_again_and_the_buffer_goes_on()
    {
        await using RabbitMqServer server = await RabbitMqServer.StartAsync();
        OnceStore store = new();
        await using TestHost receiver = await TestHost.StartAsync(builder => builder.AddSink(store).AddRabbitMqReceiver(options =>
            (options.Uri, options.Queue, options.Exchange, options.ExchangeType) = (server.Uri, "from-janus", "janus-exchange", ExchangeType.Topic)));
        await using TestHost writer = await TestHost.StartAsync(builder => builder.AddSink(store).AddRabbitMqWriter(options => options.Uri = server.Uri));
        await using TestHost buffer = await TestHost.StartAsync(builder => builder.AddRabbitMqBuffer(options => options.Uri = server.Uri));
        await UntilBoundAsync(server, 1);
        (await buffer.DeliverAsync(TestBody.Of("by-http", 1))).Should().Be(DeliveryResult.Stored);
        await UntilStoredAsync("by-http", 1);
        await UntilStoredAsync("by-rabbitmq", 1);

        await server.KillNodeAsync(0);
        Task<DeliveryResult> held = buffer.DeliverAsync(TestBody.Of("by-http", 2));
        await Wait.UntilAsync(() => receiver.Warnings.Contains("has no connection to the broker", StringComparison.Ordinal), Wait.Limit, "the receiver to notice");
        await server.StartNodeAsync(0);

        (await held.WaitAsync(Wait.Limit)).Should().Be(DeliveryResult.Stored);
        await UntilBoundAsync(server, 2);
        await UntilStoredAsync("by-http", 2);
        await UntilStoredAsync("by-rabbitmq", 2);
        store.Numbers.Should().OnlyHaveUniqueItems().And.HaveCount(4);

        Task UntilStoredAsync(string emitter, int count) => Wait.UntilAsync(
            () => store.NumbersOf(emitter).Count >= count, Wait.Limit, $"{count} events of {emitter}", () => $"{receiver.Warnings}\n{writer.Warnings}\n{buffer.Warnings}");

        // As Janus publishes: to the exchange, whose queue is there only once the receiver has bound it again.
        static async Task UntilBoundAsync(RabbitMqServer server, int number) => await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    await using BrokerClient client = await BrokerClient.ConnectAsync(server);
                    await client.PublishToExchangeAsync("janus-exchange", "janus-events", TestBody.Bytes("by-rabbitmq", 100 + number));
                    return true;
                }
                catch (Exception e) when (e is RabbitMQ.Client.Exceptions.RabbitMQClientException)
                {
                    return false;
                }
            },
            Wait.Limit,
            "the exchange to be bound");
    }
}
