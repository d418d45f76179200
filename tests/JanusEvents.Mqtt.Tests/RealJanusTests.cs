using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using JanusEvents.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanusEvents.Mqtt.Tests;

/// <summary>A real Janus that publishes to a broker, with the lines that the status page shows.</summary>
[Trait("Category", "Slow")]
public sealed class RealJanusTests(ITestOutputHelper output)
{
    [FactNeeding(Capabilities.Mosquitto | Capabilities.Janus)]
    public async Task The_broker_is_away_for_ten_seconds_and_nothing_is_missing()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        OnceStore store = new();
        await using TestHost host = await MqttHost.StartAsync(server, store);
        await host.UntilConnectedAsync();
        await using JanusServer janus = await JanusServer.StartAsync(new JanusServerOptions
        {
            Backend = "http://127.0.0.1:1/",
            Configure = configuration =>
            {
                configuration.Set("janus.eventhandler.sampleevh.jcfg", "general", "enabled", false);
                IReadOnlyList<string> lines = JanusConfigurationLines.Mqtt(new Uri(server.Uri), "janus/edge-7", "janus-edge-7");
                configuration.Write("janus.eventhandler.mqttevh.jcfg", string.Join('\n', lines).Replace("100000", "5000", StringComparison.Ordinal));
            },
        });
        int sent = 0;

        await SendForAsync(3);
        await server.StopAsync();
        await SendForAsync(10);
        await server.StartAgainAsync();
        await SendForAsync(3);
        await Wait.UntilAsync(() => Stored().Contains(sent), Wait.Limit, "the last event to be stored", () => $"{host.Warnings}\n{janus.Log}");

        output.WriteLine($"{sent} events");
        Stored().Should().Equal(Enumerable.Range(1, sent), "each is stored once, in its order");
        janus.Send(Signal.Kill);
        await host.UntilHealthAsync(HealthStatus.Degraded, "Janus at topic janus/edge-7");

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
