using System.Text;
using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>The receiver of what Janus's RabbitMQ event handler publishes.</summary>
public sealed class ReceiverTests(BrokerFixture broker)
{
    private const string Emitter = "a-janus";

    private readonly OnceStore _store = new();
    private readonly string _queue = BrokerFixture.NewName();

    [TheoryNeeding(Capabilities.RabbitMq | Capabilities.Sqlite)]
    [InlineData("13-rabbitmqevh")]
    [InlineData("13b-rabbitmqevh-ungrouped-indented")]
    [InlineData("13c-rabbitmqevh-redelivered")]
    public async Task What_Janus_published_is_read_back_equal_and_redelivered_messages_are_stored_once(string capture)
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        using TemporaryFolder folder = new();
        await using TestHost host = await StartAsync(server, events: builder => builder.AddSqlite($"Data Source={folder["events.db"]}"));
        await client.UntilCountAsync(_queue, 0);
        byte[][] bodies = [.. Captures.Bodies(capture).Select(body => body.Json)];

        await client.PublishAsync(_queue, bodies);

        JanusEventParser parser = new();
        List<string> expected = [.. bodies.DistinctBy(Convert.ToHexString).SelectMany(body => parser.Parse(body).Events).Where(e => e is not MediaStatsEvent { Part: > 0 }).Select(e => e.Json.ToCompactString())];
        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        List<string> stored = [];
        await Wait.UntilAsync(
            async () =>
            {
                stored.Clear();
                await foreach (JanusEvent e in store.ReadAsync(new EventQuery(), default))
                {
                    if (e is not MediaStatsEvent { Part: > 0 })
                        stored.Add(e.Json.ToCompactString());
                }

                return stored.Count >= expected.Count;
            },
            Wait.Limit,
            $"{expected.Count} events to be stored",
            () => $"{stored.Count} are. {host.Warnings}");
        stored.Should().Equal(expected);
        await host.StopAsync();
        (await client.CountAsync(_queue)).Should().Be(0, "all are acknowledged");
        if (capture.StartsWith("13c", StringComparison.Ordinal))
            bodies.Length.Should().BeGreaterThan(bodies.DistinctBy(Convert.ToHexString).Count());
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task While_the_store_is_away_only_the_prefetched_messages_are_held_and_none_is_acknowledged()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        _store.Failure = new IOException("The store is away.");
        await using TestHost host = await StartAsync(server, options => options.Prefetch = 10);
        await client.UntilCountAsync(_queue, 0);

        await client.PublishAsync(_queue, Enumerable.Range(1, 25).Select(n => TestBody.Bytes(Emitter, n)));

        await client.UntilCountAsync(_queue, 15);
        await host.UntilHealthAsync(HealthStatus.Unhealthy, "senders keep their events");
        _store.Failure = null;
        await UntilStoredAsync(host, 25);
        _store.Numbers.Should().Equal(Enumerable.Range(1, 25).Select(n => (long)n));
        await host.StopAsync();
        (await client.CountAsync(_queue)).Should().Be(0);
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task Messages_of_a_host_that_ends_before_they_are_stored_are_stored_once_by_the_next()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        _store.Failure = new IOException("The store is away.");
        await using (TestHost first = await StartAsync(server))
        {
            await client.UntilCountAsync(_queue, 0);
            await client.PublishAsync(_queue, Enumerable.Range(1, 5).Select(n => TestBody.Bytes(Emitter, n)));
            await Wait.UntilAsync(() => first.Warnings.Contains("cannot store", StringComparison.Ordinal), Wait.Limit, "the first host to try");
        }

        await client.UntilCountAsync(_queue, 5);
        _store.Failure = null;
        await using TestHost second = await StartAsync(server);
        await UntilStoredAsync(second, 5);

        _store.Numbers.Should().Equal(1, 2, 3, 4, 5);
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_missing_queue_is_declared_durable_and_replicated_and_gets_what_has_no_delivery_mode()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);

        await using TestHost host = await StartAsync(server);

        await client.UntilCountAsync(_queue, 0);
        (await client.DifferenceAsync(_queue, ("x-queue-type", "quorum"), ("x-single-active-consumer", true))).Should().BeNull();
        await host.UntilHealthAsync(HealthStatus.Healthy, "Events can be stored.");
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_queue_that_Janus_declared_is_read_and_reported_with_the_argument_that_differs()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        await client.DeclareAsync(_queue, durable: false);
        await client.PublishAsync(_queue, TestBody.Bytes(Emitter, 1));

        await using TestHost host = await StartAsync(server);

        await UntilStoredAsync(host, 1);
        host.Warnings.Should().Contain($"Queue {_queue} is used as it is").And.Contain("inequivalent arg 'durable'").And.Contain("declare_outgoing_queue = false");
        await host.UntilHealthAsync(HealthStatus.Degraded, "'durable'");
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task Without_the_right_to_declare_a_missing_queue_is_reported_until_it_is_there()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        await using TestHost host = await StartAsync(server, options => options.Declare = false);
        await host.UntilHealthAsync(HealthStatus.Degraded, $"Queue {_queue} does not exist. Declare it, or set Declare to true.");

        await client.DeclareAsync(_queue, durable: true, ("x-queue-type", "quorum"));
        await client.PublishAsync(_queue, TestBody.Bytes(Emitter, 1));

        await UntilStoredAsync(host, 1);
        await host.UntilHealthAsync(HealthStatus.Healthy, "Events can be stored.");
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task What_is_no_event_goes_to_the_store_as_rejected_and_is_never_delivered_again()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        await using TestHost host = await StartAsync(server);
        await client.UntilCountAsync(_queue, 0);

        await client.PublishAsync(_queue, "This is no JSON.");
        await client.PublishAsync(_queue, NumberedBody.Json([7], Emitter));

        await UntilStoredAsync(host, 1);
        ReceivedBody rejected = _store.Bodies.Single(body => body.Rejected.Count > 0);
        Encoding.UTF8.GetString(rejected.Rejected[0].Bytes.Span).Should().Be("This is no JSON.");
        host.Warnings.Should().Contain("invalid elements").And.NotContain("no JSON");
        await host.StopAsync();
        (await client.CountAsync(_queue)).Should().Be(0);
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_message_that_was_returned_several_times_is_stored_and_reported_by_health_and_the_status_page()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        await client.DeclareAsync(_queue, durable: true, ("x-queue-type", "quorum"), ("x-single-active-consumer", true));
        await client.PublishAsync(_queue, TestBody.Bytes(Emitter, 1));
        await client.ReturnAsync(_queue);
        await client.ReturnAsync(_queue);

        await using TestHost host = await StartAsync(server);

        await UntilStoredAsync(host, 1);
        await host.UntilHealthAsync(HealthStatus.Degraded, $"A message of queue {_queue} was returned to it 2 times.");
        host.StatusPage().Should().Contain("RabbitMQ receiver: connected to").And.Contain($"A message of queue {_queue} was returned to it 2 times.");
        host.Warnings.Should().Contain(_queue);
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task Messages_are_given_back_while_the_store_is_away_for_long_and_read_again_when_it_works()
    {
        RabbitMqServer server = await broker.ServerAsync();
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        _store.Failure = new IOException("The store is away.");
        await using TestHost host = await StartAsync(server, options => options.GiveBackAfter = TimeSpan.FromSeconds(1));
        await client.UntilCountAsync(_queue, 0);

        await client.PublishAsync(_queue, Enumerable.Range(1, 8).Select(n => TestBody.Bytes(Emitter, n)));

        await host.UntilHealthAsync(HealthStatus.Unhealthy, $"The messages of queue {_queue} are given back to the broker");
        await client.UntilCountAsync(_queue, 8);
        _store.Failure = null;
        await UntilStoredAsync(host, 8);
        _store.Numbers.Should().Equal(1, 2, 3, 4, 5, 6, 7, 8);
        _store.Duplicates.Should().Be(1, "the message that was tried on came again, and was known by its hash");
        string log = string.Join('\n', host.Log.Of(LogLevel.Information));
        log.Should().Contain("is read again");
        await client.UntilCountAsync(_queue, 0);
        await host.UntilHealthAsync(HealthStatus.Healthy, "Events can be stored.");
    }

    private async Task<TestHost> StartAsync(
        RabbitMqServer server, Action<RabbitMqReceiverOptions>? configure = null, Action<JanusEventsBuilder>? events = null) =>
        await TestHost.StartAsync(builder =>
        {
            if (events is null)
                builder.AddSink(_store);
            else
                events(builder);
            builder.AddRabbitMqReceiver(options =>
            {
                options.Uri = server.Uri;
                options.Queue = _queue;
                configure?.Invoke(options);
            });
        });

    private Task UntilStoredAsync(TestHost host, int events) => Wait.UntilAsync(
        () => _store.Numbers.Count >= events, Wait.Limit, $"{events} events to be stored", () => $"{_store.Numbers.Count} are. {host.Warnings}");
}
