using System.Net.WebSockets;
using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>A real Janus sends by its WebSocket event handler into the running sample host.</summary>
public sealed class WebSocketJanusTests
{
    private static readonly TimeSpan Limit = Wait.Limit;

    [TheoryNeeding(Capabilities.Janus)]
    [InlineData(true, "indented")]
    [InlineData(false, "compact")]
    public async Task What_is_done_at_a_Janus_is_stored_exactly_once(bool grouping, string json)
    {
        using var folder = new TemporaryFolder();
        await using var store = new SqliteStore(folder);
        await using var host = await SampleHostProcess.StartAsync(
            folder.Path, "--JanusEvents:WebSocket:SubProtocol=ours", "--JanusEvents:WebSocket:KeepAliveInterval=00:00:00.1");
        await using var janus = await StartJanusAsync(host, options => options with { Grouping = grouping, Json = json, SubProtocol = "ours" });

        var session = await janus.CreateSessionAsync();
        var handle = await janus.AttachAsync(session, "janus.plugin.echotest", "an-opaque-id");
        await janus.SendExternalEventAsync("large", $$"""{"text":"{{new string('x', 200_000)}}"}""");
        await janus.DetachAsync(session, handle);
        await janus.DestroySessionAsync(session);

        await Wait.UntilAsync(
            async () => await store.CountAsync("sessions") == 2
                && await store.CountAsync("handles") == 2
                && await store.CountAsync("transports") == janus.Requests,
            Limit,
            "all to be stored",
            () => host.Output + janus.Log);
        (await store.LinesAsync("select session, event from sessions order by id")).Should().Equal($"{session} created", $"{session} destroyed");
        (await store.LinesAsync("select handle, event, opaque_id from handles order by id")).Should().Equal(
            $"{handle} attached an-opaque-id", $"{handle} detached an-opaque-id");
        (await store.LinesAsync("select name, value from core order by id")).Should().Equal("status started");
        (await store.LinesAsync("select length(event) from external")).Should().Equal("200011");
        (await store.CountAsync("rejected")).Should().Be(0);
    }

    [FactNeeding(Capabilities.Janus)]
    public async Task A_host_that_is_stopped_and_started_again_loses_nothing_and_stores_nothing_twice()
    {
        using var folder = new TemporaryFolder();
        await using var store = new SqliteStore(folder);
        await using var host = await SampleHostProcess.StartAsync(folder.Path);
        await using var janus = await StartJanusAsync(host);
        var stop = false;
        var sending = SendAsync(janus, 0, () => !Volatile.Read(ref stop));

        await Wait.UntilAsync(async () => await store.CountAsync("external") > 100, Limit, "the first to be stored", () => host.Output);
        (await host.StopAsync()).Should().Be(0);
        Volatile.Write(ref stop, true);
        var sent = await sending;
        await using var again = await SampleHostProcess.StartAsync(new SampleHostOptions { WorkingDirectory = folder.Path, Port = host.Url.Port });

        await UntilStoredAsync(store, sent, again);
        again.Output.Should().Contain("opened a WebSocket for events");
    }

    [FactNeeding(Capabilities.Janus | Capabilities.MariaDb)]
    public async Task A_database_that_is_away_without_a_spool_holds_the_events_and_loses_none()
    {
        const int Before = 50, Away = 200;
        using var folder = new TemporaryFolder();
        await using var store = await MariaDbStore.StartAsync();
        await using var host = await SampleHostProcess.StartAsync(folder.Path, [.. store.HostArguments, "--JanusEvents:Spool=off"]);
        await using var janus = await StartJanusAsync(host);
        await SendAsync(janus, 0, Before);
        await UntilStoredAsync(store, Before, host);

        await store.Server.KillAsync();
        await SendAsync(janus, Before, Away);
        await store.Server.StartAgainAsync();

        await UntilStoredAsync(store, Before + Away, host);
    }

    private static async Task<JanusServer> StartJanusAsync(SampleHostProcess host, Func<JanusServerOptions, JanusServerOptions>? with = null)
    {
        JanusServerOptions options = new() { EventsByWebSocket = true, Backend = $"ws://127.0.0.1:{host.Url.Port}/janus/events/ws" };
        options = with?.Invoke(options) ?? options;

        // A Janus that waits for the answer to its handshake for five seconds never asks again. The first handshake of a host on a busy
        // machine can take longer.
        using ClientWebSocket first = new();
        first.Options.AddSubProtocol(options.SubProtocol ?? "janus-event-handlers");
        await first.ConnectAsync(new Uri(options.Backend), CancellationToken.None);
        await first.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        return await JanusServer.StartAsync(options);
    }

    /// <summary>Sends numbered events and returns the number after the last.</summary>
    private static async Task<int> SendAsync(JanusServer janus, int number, Func<bool> more)
    {
        for (; more(); number++)
            await janus.SendExternalEventAsync("numbered", $$"""{"number":{{number}}}""");
        return number;
    }

    private static Task<int> SendAsync(JanusServer janus, int number, int count)
    {
        var left = count;
        return SendAsync(janus, number, () => left-- > 0);
    }

    private static async Task UntilStoredAsync(Store store, int count, SampleHostProcess host)
    {
        await Wait.UntilAsync(async () => await store.CountAsync("external") >= count, Limit, $"{count} events to be stored", () => host.Output);
        (await store.LinesAsync("select event from external order by id")).Should().Equal(
            Enumerable.Range(0, count).Select(number => $$"""{"number":{{number}}}"""));
    }
}
