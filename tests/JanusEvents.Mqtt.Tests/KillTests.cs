using JanusEvents.Mqtt.Tests.Hosting;
using JanusEvents.Testing;

namespace JanusEvents.Mqtt.Tests;

/// <summary>A receiving process that is killed while messages come: what it had not acknowledged comes again, and is known by its hash.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 4;

    [FactNeeding(Capabilities.Mosquitto | Capabilities.Sqlite)]
    public async Task Each_message_is_stored_once_and_in_its_order_when_the_receiver_is_killed_again_and_again()
    {
        // Otherwise it drops what comes after the first thousand while the receiver is away.
        await using MosquittoServer server = await MosquittoServer.StartAsync(prepare: _ => ["max_queued_messages 0"]);
        using TemporaryFolder folder = new();
        using StoredNumbers stored = new(folder["janusevents.db"]);
        await using Publisher janus = await Publisher.ConnectAsync(server);
        using CancellationTokenSource ended = new();
        Task<int>? publishing = null;

        for (int kill = 1; kill <= Kills; kill++)
        {
            await using SampleHostProcess host = await StartAsync(server, folder);

            // What is published before there is a session goes nowhere.
            await host.WaitForLineAsync(line => line.Contains("The MQTT receiver is connected", StringComparison.Ordinal), Wait.Limit, "the receiver to be connected");
            publishing ??= Task.Run(() => PublishAsync(janus, ended.Token));
            int before = (await stored.ReadAsync()).Count;
            await Wait.UntilAsync(
                async () => (await stored.ReadAsync()).Count >= before + 100, Wait.Limit, "the next hundred events to be stored", () => host.Output);
            await host.KillAsync();
        }

        await ended.CancelAsync();
        int published = await publishing!;
        await using SampleHostProcess last = await StartAsync(server, folder);
        List<long> numbers = [];
        await Wait.UntilAsync(
            async () => (numbers = await stored.ReadAsync()).Contains(published), Wait.Limit, "the last event to be stored", () => last.Output);

        output.WriteLine($"{published} events, {Kills} times killed");
        numbers.Should().Equal(Enumerable.Range(1, published).Select(n => (long)n));
        (await last.StopAsync()).Should().Be(0, last.Output);
    }

    private static Task<SampleHostProcess> StartAsync(MosquittoServer server, TemporaryFolder folder) => SampleHostProcess.StartAsync(
        folder.Path, $"--JanusEvents:Mqtt:Uri={server.Uri}", "--JanusEvents:Mqtt:ClientId=killed");

    private static async Task<int> PublishAsync(Publisher janus, CancellationToken ended)
    {
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(2));
        int number = 0;
        while (!ended.IsCancellationRequested && await pace.WaitForNextTickAsync(CancellationToken.None))
            await janus.PublishNumbersAsync("janus/edge-7/plugins", [++number]);
        return number;
    }
}
