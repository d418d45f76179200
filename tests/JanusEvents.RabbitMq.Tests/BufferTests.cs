using System.Text;
using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>The buffer: what a receiving host publishes, and what counts as stored.</summary>
public sealed class BufferTests(BrokerFixture broker)
{
    private readonly string _name = BrokerFixture.NewName();

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_body_is_published_as_it_came_persistent_with_its_hash_as_the_id()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        await using TestHost host = await StartAsync(server, options => options.Partitions = 1);
        ReceivedBody body = TestBody.Of("a-janus", 1, 2, 3);

        (await host.DeliverAsync(body)).Should().Be(DeliveryResult.Stored);

        BasicDeliverEventArgs message = (await client.TakeAsync($"{_name}.0"))!;
        message.Body.ToArray().Should().Equal(body.Json.ToArray());
        message.BasicProperties.Persistent.Should().BeTrue();
        message.BasicProperties.MessageId.Should().Be(Convert.ToHexStringLower(body.Hash.Span));
        message.BasicProperties.Headers!["remote"].Should().BeEquivalentTo(Encoding.UTF8.GetBytes("192.0.2.7"));
        message.BasicProperties.Headers["emitter"].Should().BeEquivalentTo(Encoding.UTF8.GetBytes("a-janus"));
        message.BasicProperties.Headers["arrived"].Should().Be((body.ArrivedAt - DateTimeOffset.UnixEpoch).Ticks / 10);
        await host.UntilHealthAsync(HealthStatus.Healthy, "Events can be stored.");
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_message_that_no_queue_takes_is_not_stored_although_the_broker_acknowledges_it()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        (string, object?)[] quorum = [("x-queue-type", "quorum")];
        foreach (string queue in new[] { "0", "dead", "writers" })
            await client.DeclareAsync($"{_name}.{queue}", durable: true, quorum);
        await client.DeclareExchangeAsync(_name, ExchangeType.Direct, durable: true);
        await using TestHost host = await StartAsync(server, options => (options.Partitions, options.Declare) = (1, false));
        using CancellationTokenSource answer = new(TimeSpan.FromSeconds(3));

        (await host.DeliverAsync(TestBody.Of("a-janus", 1), answer.Token)).Should().Be(DeliveryResult.NotStored);

        host.Warnings.Should().Contain("No queue is bound to exchange").And.Contain("312 NO_ROUTE");
        await client.BindAsync($"{_name}.0", _name, "0");
        (await host.DeliverAsync(TestBody.Of("a-janus", 1))).Should().NotBe(DeliveryResult.NotStored);
        await client.UntilCountAsync($"{_name}.0", 1);
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_refused_message_is_tried_again_until_the_queue_takes_it()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        string full = $"{_name}.0";
        await client.DeclareAsync(full, durable: true, ("x-queue-type", "quorum"), ("x-max-length", 1), ("x-overflow", "reject-publish"));
        await client.PublishAsync(full, "[]");
        await using TestHost host = await StartAsync(server, options => options.Partitions = 1);

        // The limit of a quorum queue is not exact: a few messages more may be taken.
        List<Task<DeliveryResult>> delivered = [];
        await Wait.UntilAsync(
            async () =>
            {
                if (delivered.All(task => task.IsCompleted))
                    delivered.Add(host.DeliverAsync(TestBody.Of("a-janus", delivered.Count + 1)));
                await Task.WhenAny(delivered[^1], Task.Delay(100));
                return host.Warnings.Contains("(nack)", StringComparison.Ordinal);
            },
            Wait.Limit,
            "a refusal",
            () => host.Warnings);
        HashSet<string> ids = [];
        await Wait.UntilAsync(
            async () =>
            {
                while (await client.TakeAsync(full) is { } message)
                    ids.Add(message.BasicProperties.MessageId ?? "first");
                return delivered.All(task => task.IsCompleted);
            },
            Wait.Limit,
            "all to be stored",
            () => host.Warnings);

        (await Task.WhenAll(delivered)).Should().AllBeEquivalentTo(DeliveryResult.Stored);
        while (await client.TakeAsync(full) is { } message)
            ids.Add(message.BasicProperties.MessageId ?? "first");
        ids.Should().HaveCount(delivered.Count + 1);
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_body_over_the_limit_of_the_broker_is_divided_into_its_events_and_a_larger_event_is_rejected()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        OnceStore store = new();
        await using TestHost host = await StartAsync(server);
        ReceivedBody large = TestBody.OfSize(events: 5, bytes: 400_000);
        ReceivedBody huge = TestBody.OfSize(events: 2, bytes: 1_200_000);

        (await host.DeliverAsync(large)).Should().Be(DeliveryResult.Stored);
        (await host.DeliverAsync(huge)).Should().Be(DeliveryResult.Stored);
        (await host.DeliverAsync(TestBody.Of("a-janus", 9))).Should().Be(DeliveryResult.Stored);

        host.Warnings.Should().Contain($"The broker takes messages of at most {BrokerFixture.MaxMessageBytes} bytes");
        await using TestHost writer = await StartWriterAsync(server, store);
        await Wait.UntilAsync(() => store.Bodies.Any(body => body.Events is [{ SessionId: 9 }]), Wait.Limit, "the last body", () => writer.Warnings);
        store.Bodies.SelectMany(body => body.Events).OfType<ExternalEvent>().Select(e => e.Json.ToString())
            .Should().Equal(large.Events.Select(e => e.Json.ToString()));
        List<RejectedElement> rejected = [.. store.Bodies.SelectMany(body => body.Rejected)];
        rejected.Should().HaveCount(2).And.OnlyContain(element => element.Size > BrokerFixture.MaxMessageBytes && element.Bytes.Length == BrokerFixture.MaxMessageBytes);
        rejected[0].Reason.Should().Contain("a message of the buffer has 1000000 at most");
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task What_was_redacted_stays_so_and_is_known_by_the_hash_of_what_Janus_sent()
    {
        RabbitMqServer server = await broker.ServerAsync();
        OnceStore store = new();
        await using TestHost host = await StartAsync(server, configure: options => options.Redaction.Tokens = true);
        byte[] json = Encoding.UTF8.GetBytes(
            """[{"emitter":"a-janus","type":2,"timestamp":1,"session_id":1,"handle_id":2,"event":{"name":"attached","plugin":"janus.plugin.echotest","token":"s3cret"}},17]""");
        ReceivedBody body = TestBody.Received(json);

        (await host.DeliverAsync(body)).Should().Be(DeliveryResult.Stored);

        await using TestHost writer = await StartWriterAsync(server, store);
        await Wait.UntilAsync(() => store.Bodies.Count == 1, Wait.Limit, "the body", () => writer.Warnings);
        ReceivedBody stored = store.Bodies[0];
        Encoding.UTF8.GetString(stored.Json.Span).Should().NotContain("s3cret").And.Contain("***");
        stored.Hash.ToArray().Should().Equal(body.Hash.ToArray());
        stored.Rejected.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Size = 2, body.Rejected[0].Offset, body.Rejected[0].Reason });
        writer.Warnings.Should().NotContain("is not the hash");
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task While_the_broker_blocks_publishers_bodies_are_held_and_nothing_fails()
    {
        await using RabbitMqServer server = await RabbitMqServer.StartAsync();
        await using TestHost host = await StartAsync(server);
        (await host.DeliverAsync(TestBody.Of("a-janus", 1))).Should().Be(DeliveryResult.Stored);
        await server.ControlAsync(0, "set_vm_memory_high_watermark", "absolute", "1MB");

        Task<DeliveryResult> held = host.DeliverAsync(TestBody.Of("a-janus", 2));

        await host.UntilHealthAsync(HealthStatus.Degraded, "The broker blocked the RabbitMQ buffer");
        held.IsCompleted.Should().BeFalse();
        await server.ControlAsync(0, "set_vm_memory_high_watermark", "absolute", "1200MB");
        (await held.WaitAsync(Wait.Limit)).Should().Be(DeliveryResult.Stored);
        await host.UntilHealthAsync(HealthStatus.Healthy, "Events can be stored.");
        host.Warnings.Should().NotContain("cannot store");
    }

    private Task<TestHost> StartAsync(
        RabbitMqServer server, Action<RabbitMqBufferOptions>? buffer = null, Action<JanusEventsOptions>? configure = null) =>
        TestHost.StartAsync(
            builder => builder.AddRabbitMqBuffer(options =>
            {
                (options.Uri, options.Name) = (server.Uri, _name);
                buffer?.Invoke(options);
            }),
            configure);

    private Task<TestHost> StartWriterAsync(RabbitMqServer server, OnceStore store) =>
        TestHost.StartAsync(builder => builder.AddSink(store).AddRabbitMqWriter(options => (options.Uri, options.Name) = (server.Uri, _name)));
}
