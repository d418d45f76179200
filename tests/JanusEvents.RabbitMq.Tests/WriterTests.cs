using JanusEvents.RabbitMq.Connections;
using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>The writers of a buffer: they share its queues, keep each server's order, and take over from each other.</summary>
public sealed class WriterTests(BrokerFixture broker)
{
    private const int Servers = 8;

    private readonly string _name = BrokerFixture.NewName();
    private readonly OnceStore _store = new();

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task Bodies_of_several_servers_come_through_once_and_in_each_servers_order()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        await using TestHost receiving = await StartBufferAsync(server);
        await using TestHost writer = await StartWriterAsync(server);

        await SendAsync(receiving, first: 1, count: 20);
        await SendAsync(receiving, first: 1, count: 20);

        await UntilStoredAsync(20, writer);
        for (int partition = 0; partition < 4; partition++)
            await client.UntilCountAsync($"{_name}.{partition}", 0);
        await writer.StopAsync();
        ShouldHold(20);
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task Writers_share_the_queues_and_one_takes_over_from_another_that_ends()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using TestHost receiving = await StartBufferAsync(server);
        await using TestHost first = await StartWriterAsync(server);
        await SendAsync(receiving, first: 1, count: 5);
        await UntilStoredAsync(5, first);

        TestHost second = await StartWriterAsync(server);
        int sent = 5;
        await Wait.UntilAsync(
            async () =>
            {
                await SendAsync(receiving, first: ++sent, count: 1);
                return first.Log.Of(LogLevel.Information).Count(line => line.Contains("is handed over to another writer", StringComparison.Ordinal)) == 2;
            },
            Wait.Limit,
            "the first writer to hand over two of its four queues",
            () => string.Join('\n', first.Log.Of(LogLevel.Information)) + first.Warnings);
        await SendAsync(receiving, first: ++sent, count: 3);
        sent += 2;
        await UntilStoredAsync(sent, first);
        await second.DisposeAsync();
        await SendAsync(receiving, first: ++sent, count: 3);
        sent += 2;

        await UntilStoredAsync(sent, first);
        _store.Numbers.Should().OnlyHaveUniqueItems();
        ShouldHold(sent);
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_message_over_its_delivery_limit_becomes_a_dead_letter_that_health_reports()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        string queue = $"{_name}.{new BufferTopology(new RabbitMqBufferOptions()).PartitionOf("a-janus")}";
        await using (TestHost receiving = await StartBufferAsync(server, options => options.DeliveryLimit = 2))
            (await receiving.DeliverAsync(TestBody.Of("a-janus", 1))).Should().Be(DeliveryResult.Stored);
        _store.Failure = new IOException("The store is away.");
        await using TestHost writer = await StartWriterAsync(server, options => (options.DeliveryLimit, options.GiveBackAfter) = (2, TimeSpan.FromSeconds(1)));

        await writer.UntilHealthAsync(HealthStatus.Unhealthy, "are given back to the broker");
        while (await client.CountAsync($"{_name}.dead") == 0)
        {
            // Ends without having stored what it got.
            await using TestHost dies = await StartWriterAsync(server, options => options.DeliveryLimit = 2);
            await Wait.UntilAsync(
                async () => await client.CountAsync(queue) == 0, Wait.Limit, "the message to be delivered, or to be a dead letter", () => dies.Warnings);
        }

        _store.Failure = null;
        await writer.UntilHealthAsync(HealthStatus.Degraded, $"Queue {_name}.dead has 1 dead letters");
        writer.StatusPage().Should().Contain($"{_name}.dead: 1 dead letters").And.Contain($"Queue {_name}.dead has 1 dead letters: bodies that are not stored.");
    }

    private static async Task SendAsync(TestHost receiving, int first, int count) => await Task.WhenAll(Enumerable.Range(1, Servers).Select(async server =>
    {
        for (int body = first; body < first + count; body++)
            (await receiving.DeliverAsync(TestBody.Of($"janus-{server}", (server * 1_000_000) + body))).Should().NotBe(DeliveryResult.NotStored);
    }));

    private void ShouldHold(int perServer)
    {
        for (int server = 1; server <= Servers; server++)
            _store.NumbersOf($"janus-{server}").Should().Equal(Enumerable.Range(1, perServer).Select(n => (server * 1_000_000L) + n), $"server {server} sent these");
    }

    private Task UntilStoredAsync(int perServer, TestHost writer) => Wait.UntilAsync(
        () => _store.Numbers.Count >= Servers * perServer, Wait.Limit, $"{Servers * perServer} events to be stored", () => $"{_store.Numbers.Count} are. {writer.Warnings}");

    private Task<TestHost> StartBufferAsync(RabbitMqServer server, Action<RabbitMqBufferOptions>? configure = null) => TestHost.StartAsync(builder => builder.AddRabbitMqBuffer(options =>
    {
        (options.Uri, options.Name) = (server.Uri, _name);
        configure?.Invoke(options);
    }));

    private Task<TestHost> StartWriterAsync(RabbitMqServer server, Action<RabbitMqWriterOptions>? configure = null) => TestHost.StartAsync(builder => builder.AddSink(_store).AddRabbitMqWriter(options =>
    {
        (options.Uri, options.Name) = (server.Uri, _name);
        configure?.Invoke(options);
    }));
}
