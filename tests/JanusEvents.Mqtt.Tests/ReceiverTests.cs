using System.Text;
using System.Text.Json.Nodes;
using JanusEvents.Mqtt.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;

namespace JanusEvents.Mqtt.Tests;

/// <summary>The receiver of what Janus's MQTT event handler publishes, with a real broker.</summary>
public sealed class ReceiverTests
{
    private const string Topic = "janus/edge-7/plugins";
    private const string Status = "janus/edge-7/status";
    private const string Away = """{"event": "disconnected"}""";
    private const string Back = """{"event": "connected", "eventhandler": "janus.eventhandler.mqttevh"}""";

    private readonly OnceStore _store = new();

    [TheoryNeeding(Capabilities.Mosquitto | Capabilities.Sqlite)]
    [InlineData("14-mqttevh")]
    [InlineData("14b-mqttevh-v5-indented")]
    [InlineData("14c-mqttevh-redelivered")]
    public async Task What_Janus_published_is_read_back_equal_and_redelivered_messages_are_stored_once(string capture)
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        using TemporaryFolder folder = new();
        await using TestHost host = await MqttHost.StartAsync(server, builder => builder.AddSqlite($"Data Source={folder["events.db"]}"));
        await host.UntilConnectedAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        byte[][] bodies = [.. Captures.Bodies(capture).Select(body => body.Json)];

        foreach (byte[] body in bodies)
            await janus.PublishAsync(Topic, body);

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
        stored.Should().HaveSameCount(expected);
        stored.Zip(expected).Where(pair => !JsonNode.DeepEquals(JsonNode.Parse(pair.First), JsonNode.Parse(pair.Second))).Should().BeEmpty();
        stored.Should().OnlyContain(json => json.Contains("\"eventtype\":", StringComparison.Ordinal));
        if (capture.StartsWith("14c", StringComparison.Ordinal))
            bodies.Length.Should().BeGreaterThan(expected.Count);
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task The_broker_keeps_what_is_published_while_the_host_is_away()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        await using (TestHost first = await MqttHost.StartAsync(server, _store))
        {
            await first.UntilConnectedAsync();
            await janus.PublishNumbersAsync(Topic, [1, 2]);
            await _store.UntilStoredAsync(first, 2);
        }

        await janus.PublishNumbersAsync(Topic, [3, 4, 5]);
        await using TestHost second = await MqttHost.StartAsync(server, _store);
        await _store.UntilStoredAsync(second, 5);

        _store.Numbers.Should().Equal(1, 2, 3, 4, 5);
        _store.Duplicates.Should().Be(0, "what the first host stored is acknowledged");
        second.Log.Of(LogLevel.Information).Should().NotContain(line => line.Contains("no session", StringComparison.Ordinal));
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task While_the_store_is_away_nothing_is_acknowledged_and_afterwards_everything_is_stored_once_and_in_order()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        _store.Failure = new IOException("The store is away.");
        await using TestHost host = await MqttHost.StartAsync(server, _store, options => options.ReceiveMaximum = 8);
        await host.UntilConnectedAsync();

        await janus.PublishNumbersAsync(Topic, Enumerable.Range(1, 50).Select(n => (long)n));

        await host.UntilHealthAsync(HealthStatus.Unhealthy, "senders keep their events");
        await Wait.UntilAsync(async () => (await host.CheckHealthAsync()).Data["mqtt.unacknowledged"] is 8, Wait.Limit, "as many as may be received to be held");
        _store.Failure = null;
        await _store.UntilStoredAsync(host, 50);
        _store.Numbers.Should().Equal(Enumerable.Range(1, 50).Select(n => (long)n));
        await Wait.UntilAsync(async () => (await host.CheckHealthAsync()).Data["mqtt.unacknowledged"] is 0, Wait.Limit, "all to be acknowledged");
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task Messages_of_a_host_that_ends_before_they_are_stored_are_delivered_again_and_stored_once()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        _store.Failure = new IOException("The store is away.");
        await using (TestHost first = await MqttHost.StartAsync(server, _store))
        {
            await first.UntilConnectedAsync();
            await janus.PublishNumbersAsync(Topic, [1, 2, 3, 4, 5]);
            await Wait.UntilAsync(() => first.Warnings.Contains("cannot store", StringComparison.Ordinal), Wait.Limit, "the first host to try", () => first.Warnings);
        }

        _store.Failure = null;
        await using TestHost second = await MqttHost.StartAsync(server, _store);
        await _store.UntilStoredAsync(second, 5);

        _store.Numbers.Should().Equal(1, 2, 3, 4, 5);
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task A_duplicate_is_stored_once()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        await using TestHost host = await MqttHost.StartAsync(server, _store);
        await host.UntilConnectedAsync();

        await janus.PublishNumbersAsync(Topic, [1, 1, 2]);

        await _store.UntilStoredAsync(host, 2);
        _store.Numbers.Should().Equal(1, 2);
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task Another_client_of_the_same_id_takes_the_connection_and_what_was_not_acknowledged_is_stored_once()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        _store.Failure = new IOException("The store is away.");
        await using TestHost host = await MqttHost.StartAsync(server, _store);
        await host.UntilConnectedAsync();
        await janus.PublishNumbersAsync(Topic, [1, 2, 3]);
        await Wait.UntilAsync(() => host.Warnings.Contains("cannot store", StringComparison.Ordinal), Wait.Limit, "the host to try", () => host.Warnings);

        // It keeps the session, as a second host would.
        await using (await Publisher.ConnectAsync(server, options => options.WithClientId("janusevents-test").WithCleanStart(false).WithSessionExpiryInterval(3600)))
            await Wait.UntilAsync(() => host.Warnings.Contains("same client id", StringComparison.Ordinal), Wait.Limit, "the host to notice", () => host.Warnings);

        _store.Failure = null;
        await _store.UntilStoredAsync(host, 3);
        _store.Numbers.Should().Equal(1, 2, 3);
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task A_status_is_no_event_and_says_in_log_and_health_which_Janus_is_away()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        await janus.PublishAsync(Status, Away, retain: true);
        await using TestHost host = await MqttHost.StartAsync(server, _store);

        await host.UntilHealthAsync(HealthStatus.Degraded, "Janus at topic janus/edge-7 is away since");
        host.Warnings.Should().Contain("Janus at topic janus/edge-7 is away");

        await janus.PublishAsync(Status, Back, retain: true);
        await host.UntilHealthAsync(HealthStatus.Healthy, "Events can be stored.");

        // A status that is lost: an event says the same.
        await janus.PublishAsync(Status, Away);
        await host.UntilHealthAsync(HealthStatus.Degraded, "is away");
        await janus.PublishNumbersAsync(Topic, [1]);
        await host.UntilHealthAsync(HealthStatus.Healthy, "Events can be stored.");

        // One that is taken out of service: its retained status is deleted.
        await janus.PublishAsync(Status, Away, retain: true);
        await host.UntilHealthAsync(HealthStatus.Degraded, "is away");
        await janus.PublishAsync(Status, "", retain: true);
        await host.UntilHealthAsync(HealthStatus.Healthy, "Events can be stored.");

        _store.Numbers.Should().Equal(1);
        _store.Bodies.Should().OnlyContain(body => body.Rejected.Count == 0);
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task A_session_that_the_broker_lost_is_reported_as_a_gap()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        await using TestHost host = await MqttHost.StartAsync(server, _store);
        await host.UntilConnectedAsync();
        host.Warnings.Should().BeEmpty("a first connection has no session yet");

        // Mosquitto writes sessions to disk when it ends in order.
        await server.KillAsync();
        await host.UntilHealthAsync(HealthStatus.Unhealthy, "The MQTT receiver has no connection to the broker");
        await server.StartAgainAsync();

        await host.UntilHealthAsync(HealthStatus.Degraded, "The broker lost the session of the MQTT receiver");
        host.Warnings.Should().Contain("The broker lost the session of janusevents-test");
        await using Publisher janus = await Publisher.ConnectAsync(server);
        await janus.PublishNumbersAsync(Topic, [1]);
        await _store.UntilStoredAsync(host, 1);
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task What_is_no_event_goes_to_the_store_as_rejected_and_is_never_delivered_again()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        await using (TestHost first = await MqttHost.StartAsync(server, _store))
        {
            await first.UntilConnectedAsync();
            await janus.PublishAsync(Topic, "This is no JSON.");
            await janus.PublishNumbersAsync(Topic, [7]);
            await _store.UntilStoredAsync(first, 1);
            Encoding.UTF8.GetString(_store.Bodies.Single(body => body.Rejected.Count > 0).Rejected[0].Bytes.Span).Should().Be("This is no JSON.");
            first.Warnings.Should().Contain("invalid elements").And.NotContain("no JSON");
        }

        await using TestHost second = await MqttHost.StartAsync(server, _store);
        await second.UntilConnectedAsync();
        await janus.PublishNumbersAsync(Topic, [8]);
        await _store.UntilStoredAsync(second, 2);
        _store.Duplicates.Should().Be(0);
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task Messages_without_acknowledgement_are_stored_and_reported()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        await using TestHost host = await MqttHost.StartAsync(server, _store);
        await host.UntilConnectedAsync();

        await janus.PublishAsync(Topic, Encoding.UTF8.GetBytes(NumberedBody.Json([1], "edge-7")), qos: MqttQualityOfServiceLevel.AtMostOnce);

        await _store.UntilStoredAsync(host, 1);
        host.Warnings.Should().Contain("qos = 1");
    }

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task Credentials_are_taken_from_the_address_percent_decoded()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync(user: "events", password: "s:3/cret");
        await using Publisher janus = await Publisher.ConnectAsync(server, options => options.WithCredentials("events", "s:3/cret"));
        await using TestHost host = await MqttHost.StartAsync(server, _store, options => options.Uri = $"mqtt://events:s%3A3%2Fcret@127.0.0.1:{server.Port}");
        await host.UntilConnectedAsync();
        await janus.PublishNumbersAsync(Topic, [1]);
        await _store.UntilStoredAsync(host, 1);

        await using TestHost stranger = await MqttHost.StartAsync(server, new OnceStore(), options => (options.Uri, options.ClientId) = (server.Uri, "stranger"));
        await stranger.UntilHealthAsync(HealthStatus.Unhealthy, "NotAuthorized");
    }
}
