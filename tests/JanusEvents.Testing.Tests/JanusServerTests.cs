using System.Text.Json;

namespace JanusEvents.Testing.Tests;

public sealed class JanusServerTests
{
    private static readonly TimeSpan Limit = Wait.Limit;

    [FactNeeding(Capabilities.Janus)]
    public async Task A_private_Janus_posts_what_is_done_over_its_APIs()
    {
        await using var backend = RecordingBackend.Start();
        await using var janus = await JanusServer.StartAsync(new JanusServerOptions
        {
            Backend = backend.Url.ToString(),
            BackendUser = "janus",
            BackendPassword = "s3cret:\"pass\"",
            ServerName = "a private Janus",
        });

        var session = await janus.CreateSessionAsync();
        var handle = await janus.AttachAsync(session, "janus.plugin.echotest", "an-opaque-id");
        await janus.KeepAliveAsync(session);
        await janus.SendExternalEventAsync("a \"schema\"", """{"number":0.1,"text":"✓"}""");
        await janus.DetachAsync(session, handle);
        await janus.DestroySessionAsync(session);
        // The handle ends in a thread of its own, before or after the session.
        await Wait.UntilAsync(
            () => Events(backend) is var events && events.Contains("1 destroyed") && events.Contains("2 detached"), Limit, "the session's end");
        await janus.StopAsync();

        Events(backend).Should().ContainInOrder("256 started", "1 created", "2 attached", "4 a \"schema\"", "1 destroyed", "256 shutdown");
        backend.Requests.Should().OnlyContain(r => r.Head.Contains("Authorization: Basic amFudXM6czNjcmV0OiJwYXNzIg=="));
        backend.Requests[0].Text.Should().Contain("\"emitter\": \"a private Janus\"");
    }

    [FactNeeding(Capabilities.Janus)]
    public async Task Janus_uses_the_session_id_that_is_asked_for()
    {
        await using var backend = RecordingBackend.Start();
        await using var janus = await JanusServer.StartAsync(new JanusServerOptions { Backend = backend.Url.ToString() });

        (await janus.CreateSessionAsync(long.MaxValue)).Should().Be(long.MaxValue);
    }

    private static List<string> Events(RecordingBackend backend)
    {
        var events = new List<string>();
        foreach (var request in backend.Requests)
        {
            using var body = JsonDocument.Parse(request.Body);
            foreach (var e in body.RootElement.EnumerateArray())
            {
                var what = e.GetProperty("event");
                var name = new[] { "name", "status", "schema" }
                    .Select(key => what.TryGetProperty(key, out var value) ? value.GetString() : null)
                    .FirstOrDefault(text => text is not null);
                events.Add($"{e.GetProperty("type").GetInt32()} {name}");
            }
        }

        return events;
    }
}
