using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>A real Janus that publishes to RabbitMQ, with the lines that the status page shows.</summary>
[Trait("Category", "Slow")]
public sealed class RealJanusTests(ITestOutputHelper output)
{
    private const string Queue = "janus-events";
    private const string Handler = "janus.eventhandler.rabbitmqevh.jcfg";

    [FactNeeding(Capabilities.RabbitMq | Capabilities.Janus)]
    public async Task The_broker_is_killed_and_only_what_Janus_published_meanwhile_is_missing()
    {
        await using RabbitMqServer server = await RabbitMqServer.StartAsync();
        OnceStore store = new();
        await using TestHost host = await TestHost.StartAsync(builder => builder.AddSink(store).AddRabbitMqReceiver(options => (options.Uri, options.Queue) = (server.Uri, Queue)));
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        await client.UntilCountAsync(Queue, 0);
        await using JanusServer janus = await JanusServer.StartAsync(new JanusServerOptions
        {
            Backend = "http://127.0.0.1:1/",
            Configure = configuration =>
            {
                configuration.Set("janus.eventhandler.sampleevh.jcfg", "general", "enabled", false);
                IReadOnlyList<string> lines = JanusConfigurationLines.RabbitMq(new Uri($"amqp://guest@127.0.0.1:{server.PortOf(0)}"), Queue);
                configuration.Write(Handler, string.Join('\n', lines).Replace("(the password that belongs to it)", "guest", StringComparison.Ordinal));
            },
        });
        int sent = 0;

        await SendForAsync(3);
        int before = sent;
        await server.KillNodeAsync(0);
        await SendForAsync(7);
        await server.StartNodeAsync(0);
        int back = sent;
        await Wait.UntilAsync(
            async () =>
            {
                await SendForAsync(1);
                return Stored().Any(number => number > back);
            },
            Wait.Limit,
            "Janus to publish again",
            () => janus.Log);
        await SendForAsync(2);
        await Wait.UntilAsync(() => Stored().Contains(sent), Wait.Limit, "the last event to be stored", () => host.Warnings);

        List<int> stored = Stored();
        List<int> missing = [.. Enumerable.Range(1, sent).Except(stored)];
        output.WriteLine($"{sent} events, {missing.Count} missing ({(missing.Count == 0 ? "" : $"{missing[0]} to {missing[^1]}")}; killed after {before}, back after {back})");
        stored.Should().OnlyHaveUniqueItems().And.BeInAscendingOrder();
        missing.Should().OnlyContain(number => number > before - 10, "what reached the queue before is stored");
        missing.Should().Equal(Enumerable.Range(missing[0], missing.Count), "it is one gap");

        List<int> Stored() => [.. store.Bodies.SelectMany(body => body.Events).OfType<ExternalEvent>().Select(e => JsonElement.Parse(e.Data.Utf8.Span).GetProperty("number").GetInt32())];

        async Task SendForAsync(int seconds)
        {
            for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began).TotalSeconds < seconds;)
            {
                await janus.SendExternalEventAsync("numbered", string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{++sent}}}"));
                await Task.Delay(20);
            }
        }
    }
}
