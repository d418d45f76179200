using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>A real Janus posts into the running sample host while it is used over its APIs.</summary>
public sealed class RealJanusTests
{
    private const string Echo = "janus.plugin.echotest";
    private const string UserName = "janus";
    private const string Password = "s3cret:pass";
    private static readonly TimeSpan Limit = Wait.Limit;

    [FactNeeding(Capabilities.Janus)]
    public async Task What_is_done_at_a_Janus_is_in_SQLite_exactly_once()
    {
        using var folder = new TemporaryFolder();
        await using var store = new SqliteStore(folder);
        await using var host = await SampleHostProcess.StartAsync(folder.Path, [.. store.HostArguments]);

        // As the published text configures it: the host's name and port, no path.
        var options = new JanusServerOptions { Backend = $"http://localhost:{host.Url.Port}" };

        await UseJanus(options, host, store);
    }

    [FactNeeding(Capabilities.Janus | Capabilities.MariaDb)]
    public async Task What_is_done_at_a_Janus_is_in_MariaDB_exactly_once()
    {
        using var folder = new TemporaryFolder();
        await using var store = await MariaDbStore.StartAsync();
        await using var host = await SampleHostProcess.StartAsync(
            folder.Path, [.. store.HostArguments, $"--JanusEvents:UserName={UserName}", $"--JanusEvents:Password={Password}"]);

        var options = new JanusServerOptions
        {
            Backend = new Uri(host.Url, "/janus/events").ToString(),
            BackendUser = UserName,
            BackendPassword = Password,
            Json = "compact",
        };

        await UseJanus(options, host, store);
        File.Exists(folder["janusevents.db"]).Should().BeFalse("MariaDB was chosen");
    }

    [FactNeeding(Capabilities.Janus)]
    public async Task Without_grouping_every_event_is_stored_too()
    {
        using var folder = new TemporaryFolder();
        await using var store = new SqliteStore(folder);
        await using var host = await SampleHostProcess.StartAsync(folder.Path);

        await UseJanus(new JanusServerOptions { Backend = host.Url.ToString(), Grouping = false, Json = "plain" }, host, store);
    }

    private static async Task UseJanus(JanusServerOptions options, SampleHostProcess host, Store store)
    {
        await using var janus = await JanusServer.StartAsync(options);
        var first = await janus.CreateSessionAsync();
        var echo = await janus.AttachAsync(first, Echo, "an-opaque-id");
        var room = await janus.AttachAsync(first, "janus.plugin.videoroom");
        await janus.SendMessageAsync(first, echo, """{"audio":true,"video":false,"bitrate":64000}""");

        // The plugin handles a message in a thread of its own, and drops it when its handle has ended by then.
        await Wait.UntilAsync(
            async () => await store.CountAsync($"plugins where handle={echo}") == 1, Limit, "the message to be handled", () => host.Output);
        await janus.SendExternalEventAsync("a schema of ours", """{"number":1.5,"text":"✓"}""");
        await janus.DetachAsync(first, room);
        var largest = await janus.CreateSessionAsync(long.MaxValue);
        var other = await janus.AttachAsync(largest, Echo);
        await janus.KeepAliveAsync(largest);
        await janus.DestroySessionAsync(first);
        await janus.DetachAsync(largest, other);
        await janus.DestroySessionAsync(largest);
        var alive = await janus.CreateSessionAsync();
        var left = await janus.AttachAsync(alive, Echo);

        // Janus throws away what still waits when it is told to stop.
        await Wait.UntilAsync(
            async () => await store.CountAsync($"handles where handle={left}") == 1
                && await store.CountAsync($"plugins where handle={echo}") == 1
                && await store.CountAsync("transports") == janus.Requests
                && await store.CountAsync("handles where event='detached'") == 3,
            Limit,
            "the last of what was done to be stored",
            () => host.Output);
        await janus.StopAsync();
        await Wait.UntilAsync(
            async () => await store.CountAsync("core where value='shutdown'") == 1, Limit, "the end of Janus to be stored", () => host.Output);
        (await host.StopAsync()).Should().Be(0);

        (await store.LinesAsync("select session, event from sessions order by id")).Should().Equal(
            $"{first} created", $"{largest} created", $"{first} destroyed", $"{largest} destroyed", $"{alive} created");
        // A handle ends in a thread of its own, so only the order of one handle's rows is certain.
        (await store.LinesAsync("select session, handle, event, plugin from handles order by handle, id")).Should().Equal(
            new (long Handle, string[] Rows)[]
            {
                (echo, [$"{first} {echo} attached {Echo}", $"{first} {echo} detached {Echo}"]),
                (room, [$"{first} {room} attached janus.plugin.videoroom", $"{first} {room} detached janus.plugin.videoroom"]),
                (other, [$"{largest} {other} attached {Echo}", $"{largest} {other} detached {Echo}"]),
                (left, [$"{alive} {left} attached {Echo}"]),
            }.OrderBy(handle => handle.Handle).SelectMany(handle => handle.Rows));
        (await store.LinesAsync("select name, value from core order by id")).Should().Equal("status started", "status shutdown");
        (await store.LinesAsync($"select session, handle, plugin, event from plugins where handle={echo}")).Should().Equal(
            $$"""{{first}} {{echo}} {{Echo}} {"audio_active":true,"video_active":false,"bitrate":64000}""");
        (await store.CountAsync("""transports where plugin='janus.transport.http' and event like '%"event":"request"%'"""))
            .Should().Be(janus.Requests);
        (await store.CountAsync("""transports where event like '%"admin_api":true%'""")).Should().Be(1);
        (await store.LinesAsync("select eventschema, event from external")).Should().Equal(
            """a schema of ours {"number":1.5,"text":"✓"}""");
        foreach (var table in new[] { "sdps", "ice", "selectedpairs", "dtls", "connections", "media", "stats" })
            (await store.CountAsync(table)).Should().Be(0, $"there was no call, so nothing in {table}");
    }
}
