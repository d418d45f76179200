using System.Globalization;
using JanusEvents.EndToEnd.Tests.Calls;
using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>
/// One real WebRTC call, stored live and asked for with the queries of the published text. Janus, the sample host and
/// the database are in one network namespace, the browser is in another.
/// </summary>
public sealed class RealCallTests
{
    private const Capabilities Call = Capabilities.Janus | Capabilities.Chromium | Capabilities.NetworkNamespaces;
    private const int Seconds = 5;
    private static readonly TimeSpan Limit = Wait.Limit;

    [FactNeeding(Call)]
    [Trait("Category", "Slow")]
    public async Task An_echo_test_is_found_in_SQLite_by_the_published_queries()
    {
        await using var network = await NetworkNamespacePair.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var store = new SqliteStore(folder);

        await CallAndAsk(network, folder, store);
    }

    [FactNeeding(Call | Capabilities.MariaDb)]
    public async Task An_echo_test_is_found_in_MariaDB_by_the_published_queries()
    {
        await using var network = await NetworkNamespacePair.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var store = await MariaDbStore.StartAsync(network.One);

        await CallAndAsk(network, folder, store);
    }

    private static async Task CallAndAsk(NetworkNamespacePair network, TemporaryFolder folder, Store store)
    {
        await using var host = await SampleHostProcess.StartAsync(new SampleHostOptions
        {
            WorkingDirectory = folder.Path,
            Inside = network.One,
            Arguments = store.HostArguments,
        });
        await using var janus = await JanusServer.StartAsync(new JanusServerOptions
        {
            Backend = host.Url.ToString(),
            Inside = network.One,
            StatsPeriod = 1,
        });
        var call = await EchoCall.RunAsync(janus, network.Other, Seconds);
        await Wait.UntilAsync(
            async () => await store.CountAsync("sessions where event='destroyed'") == 1 && await store.CountAsync("handles where event='detached'") == 1,
            Limit,
            "the call's end to be stored",
            () => host.Output);
        (await host.StopAsync()).Should().Be(0);

        await AskAsync(store, call);
    }

    private static async Task AskAsync(Store store, EchoCall call)
    {
        var ofCall = $"where session={call.Session} and handle={call.Handle}";

        var created = await store.QueryAsync("select * from sessions where event='created'");
        created.Should().ContainSingle();
        created[0][1..3].Should().Equal(Text(call.Session), "created");
        var stored = DateTime.Parse(created[0][3]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        stored.Should().BeWithin(TimeSpan.FromMinutes(2)).Before(DateTime.UtcNow);

        (await store.LinesAsync($"select handle,plugin from handles where session={call.Session} and event='attached'"))
            .Should().Equal($"{call.Handle} janus.plugin.echotest");

        (await store.ColumnAsync($"select state from ice {ofCall}"))
            .Should().StartWith(["gathering", "connecting"]).And.Contain(["connected", "ready"]);

        var pairs = await store.ColumnAsync($"select selected from selectedpairs {ofCall}");
        pairs.Should().NotBeEmpty().And.OnlyContain(
            pair => pair!.StartsWith("10.77.0.1:", StringComparison.Ordinal) && pair.Contains("<-> 10.77.0.2:", StringComparison.Ordinal));

        (await store.ColumnAsync($"select state from dtls {ofCall}")).Should().Equal("trying", "connected");
        (await store.ColumnAsync($"select state from connections {ofCall}")).Should().Equal("webrtcup", "hangup");

        (await store.LinesAsync($"select medium,receiving from media {ofCall}"))
            .Should().Contain(["audio 1", "video 1"]);

        (await store.LinesAsync($"select plugin,event from plugins {ofCall}")).Should().NotBeEmpty()
            .And.OnlyContain(line => line.StartsWith("janus.plugin.echotest {\"audio_active\":true,\"video_active\":true", StringComparison.Ordinal));

        (await store.CountAsync($"stats {ofCall}")).Should().BeGreaterThanOrEqualTo(3 * (Seconds - 1));
        (await store.ColumnAsync($"select distinct medium from stats {ofCall} order by medium")).Should().Equal("audio", "data", "video");
        (await store.ColumnAsync($"select max(packetsrecv) from stats {ofCall} and medium='audio'"))
            .Should().ContainSingle().Which.Should().Match(count => int.Parse(count, CultureInfo.InvariantCulture) > 50);

        (await store.QueryAsync("select * from core")).Select(row => string.Join(' ', row[1..3])).Should().Equal("status started");

        var offers = await store.ColumnAsync($"select sdp from sdps {ofCall} and remote=1 and offer=1");
        offers.Should().ContainSingle().Which.Should().Be(call.Offer);
        call.Offer.Length.Should().BeGreaterThan(3000, "the published column would have cut it");
        (await store.ColumnAsync($"select sdp from sdps {ofCall} and remote=0 and offer=0"))
            .Should().ContainSingle().Which.Should().Be(call.Answer);
        (await store.CountAsync($"sdps {ofCall}")).Should().Be(2);
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
