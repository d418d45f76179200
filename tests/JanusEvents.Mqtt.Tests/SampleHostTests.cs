using JanusEvents.Mqtt.Tests.Hosting;
using JanusEvents.Testing;

namespace JanusEvents.Mqtt.Tests;

/// <summary>The sample host as a receiver, by configuration alone.</summary>
public sealed class SampleHostTests
{
    [FactNeeding(Capabilities.Mosquitto | Capabilities.Sqlite)]
    public async Task What_Janus_publishes_is_stored_and_the_status_page_shows_the_connection_and_the_lines_for_Janus()
    {
        await using MosquittoServer server = await MosquittoServer.StartAsync();
        using TemporaryFolder folder = new();
        await using SampleHostProcess host = await SampleHostProcess.StartAsync(
            folder.Path,
            $"--JanusEvents:Mqtt:Uri={server.Uri}",
            "--JanusEvents:Mqtt:ClientId=sample",
            "--JanusEvents:Mqtt:Topics:0=site1/+/+");
        using HttpClient http = new();
        string page = "";
        await Wait.UntilAsync(
            async () => (page = await http.GetStringAsync(new Uri(host.Url, "/janus/events"))).Contains("MQTT receiver: connected to 127.0.0.1:", StringComparison.Ordinal),
            Wait.Limit,
            "the receiver to be connected",
            () => $"{page}\n{host.Output}");
        page.Should().Contain("janus.eventhandler.mqttevh.jcfg").And.Contain("topic = \"site1/(a name of its own)\"");

        await using Publisher janus = await Publisher.ConnectAsync(server);
        await janus.PublishNumbersAsync("site1/edge-7/plugins", [1, 2]);

        using StoredNumbers stored = new(folder["janusevents.db"]);
        List<long> numbers = [];
        await Wait.UntilAsync(
            async () => (numbers = await stored.ReadAsync()).Count >= 2,
            Wait.Limit,
            "two events to be stored",
            () => host.Output);
        numbers.Should().Equal(1, 2);
        (await host.StopAsync()).Should().Be(0, host.Output);
    }
}
