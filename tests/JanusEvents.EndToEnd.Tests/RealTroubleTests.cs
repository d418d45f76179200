using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanusEvents.EndToEnd.Tests.Calls;
using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>A real call whose line fails: whoever is to know is told, and told when it is well again.</summary>
public sealed class RealTroubleTests
{
    private const Capabilities Call = Capabilities.Janus | Capabilities.Chromium | Capabilities.NetworkNamespaces;
    private const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    [FactNeeding(Call)]
    public async Task When_UDP_is_cut_a_signed_webhook_says_whose_media_are_lost_and_another_one_that_they_are_back()
    {
        await using var network = await NetworkNamespacePair.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var store = new SqliteStore(folder);
        await using var hook = NamespaceWebhook.Start(network.One);
        await using var host = await SampleHostProcess.StartAsync(new SampleHostOptions
        {
            WorkingDirectory = folder.Path,
            Inside = network.One,
            Arguments =
            [
                .. store.HostArguments, $"--JanusEvents:Monitoring:Webhooks:0:Url={hook.Url}", $"--JanusEvents:Monitoring:Webhooks:0:Secret={Secret}",
                "--JanusEvents:Monitoring:NotifyAfter=00:00:00",
            ],
        });
        await using var janus = await JanusServer.StartAsync(new JanusServerOptions { Backend = host.Url.ToString(), Inside = network.One, StatsPeriod = 1 });
        Task<EchoCall> running = EchoCall.RunAsync(janus, network.Other, seconds: 24);
        await Wait.UntilAsync(async () => await store.CountAsync("stats where medium='audio'") >= 3, Wait.Limit, "the call to run", () => host.Output);

        await network.CutUdpAsync();
        DateTimeOffset cut = DateTimeOffset.UtcNow;
        await Wait.UntilAsync(() => hook.Received.Count > 0, Wait.Limit, "the trouble to be told", () => host.Output);
        await network.RestoreUdpAsync();
        await Wait.UntilAsync(() => hook.Received.Count > 1, Wait.Limit, "its end to be told", () => host.Output);
        EchoCall call = await running;

        ReceivedHook began = hook.Received[0], ended = hook.Received[1];
        JsonElement first = Verified(began), second = Verified(ended);
        first.GetProperty("type").GetString().Should().Be("janus.trouble.began");
        second.GetProperty("type").GetString().Should().Be("janus.trouble.ended");
        JsonElement trouble = first.GetProperty("data");
        trouble.GetProperty("code").GetString().Should().Be("media-lost");
        trouble.GetProperty("subject").GetProperty("handle").GetString().Should().Be($"{call.Handle}");
        trouble.GetProperty("subject").GetProperty("session").GetString().Should().Be($"{call.Session}");
        second.GetProperty("data").GetProperty("id").GetString().Should().Be(trouble.GetProperty("id").GetString());
        second.GetProperty("data").GetProperty("endedBy").GetString().Should().Be("recovered");
        (began.At - cut).Should().BeLessThan(TimeSpan.FromSeconds(30), "a busy machine is late; on a quiet one it is less than 6 s");
        await Wait.UntilAsync(
            async () => (await store.LinesAsync("select outcome,troubles from peerconnections")).SequenceEqual(["completed [\"media-lost\"]"]),
            Wait.Limit,
            "the record of the call",
            () => host.Output);
        TestContext.Current.TestOutputHelper?.WriteLine($"told {(began.At - cut).TotalSeconds:F1} s after the cut");
    }

    // After the specification of Standard Webhooks, without the library.
    private static JsonElement Verified(ReceivedHook hook)
    {
        byte[] key = Convert.FromBase64String(Secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{hook.Headers["webhook-id"]}.{hook.Headers["webhook-timestamp"]}."), .. hook.Body];
        hook.Headers["webhook-signature"].Split(' ').Should().Contain($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}");
        return JsonDocument.Parse(hook.Body).RootElement;
    }
}
