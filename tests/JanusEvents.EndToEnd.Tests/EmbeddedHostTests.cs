using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using JanusEvents.EndToEnd.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>The sample that embeds the endpoint beside an API with an authentication of its own.</summary>
public sealed class EmbeddedHostTests
{
    private const string Capture = "02-echotest";
    private const string Key = "a-key";
    private const string Password = "a-password";
    private static readonly TimeSpan Limit = Wait.Limit;

    [Fact]
    public async Task A_capture_is_stored_seen_live_and_answered_by_the_API_and_an_open_page_does_not_hold_up_the_end()
    {
        using var folder = new TemporaryFolder();
        await using var host = await StartAsync(folder);
        await using var store = new SqliteStore(folder);
        using var http = Caller(host, Key);
        await using var page = await LivePage.OpenAsync(http);
        var bodies = Captures.Bodies(Capture).ToList();
        var sender = new JanusSender(
            new Uri(host.Url, "/janus/events"), new JanusSenderOptions { UserName = "janus", Password = Password });
        var up = 0;
        foreach (var body in bodies)
        {
            (await sender.SendAsync(body)).Should().BeEquivalentTo(new { Status = 200, Attempts = 1 });
            up = Math.Max(up, (await http.GetFromJsonAsync<JsonElement>("/api/calls")).GetArrayLength());
        }

        var parser = new JanusEventParser();
        foreach (var e in bodies.SelectMany(body => parser.Parse(body.Json).Events))
            (await page.NextAsync()).Should().Be(e.Json.ToCompactString());
        up.Should().BePositive("the call was up for a while");
        await Wait.UntilAsync(
            async () => (await http.GetFromJsonAsync<JsonElement>("/api/calls")).GetArrayLength() == 0, Limit, "the call to be over");
        var expected = ExpectedTables.CountRows(bodies.Select(body => body.Json));
        foreach (var (table, rows) in expected)
            (await store.CountAsync(table)).Should().Be(rows, table);

        (await host.StopAsync()).Should().Be(0);
        (await page.EndsInOrderAsync()).Should().BeTrue("a request that does not end by itself is aborted after 30 s");
    }

    [Fact]
    public async Task The_API_wants_its_key_and_Janus_its_password_and_a_wrong_password_is_no_answer()
    {
        using var folder = new TemporaryFolder();
        await using var host = await StartAsync(folder);
        using var stranger = Caller(host, "another-key");
        foreach (var path in new[] { "/api/calls", "/api/live" })
            (await stranger.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await stranger.GetStringAsync(new Uri("/", UriKind.Relative))).Should().Contain("<title>Janus events, live</title>");

        var body = Captures.Bodies(Capture).First();
        foreach (var password in new[] { "another-password", null })
        {
            var options = new JanusSenderOptions
            {
                UserName = password is null ? null : "janus",
                Password = password,
                MaxRetransmissions = 1,
                Backoff = TimeSpan.FromMilliseconds(10),
            };
            var sent = await new JanusSender(new Uri(host.Url, "/janus/events"), options).SendAsync(body);
            sent.Should().BeEquivalentTo(
                new { Status = (int?)null, Attempts = 2 }, "an answer would tell Janus that its events are safe");
        }

        await host.WaitForLineAsync(
            line => line.Contains("backend_pwd", StringComparison.Ordinal), Limit, "the line that says what to compare");
        using var keyIsNoPassword = Caller(host, Key);
        var post = () => keyIsNoPassword.PostAsync(new Uri("/janus/events", UriKind.Relative), new ByteArrayContent(body.Bytes));
        await post.Should().ThrowAsync<HttpRequestException>();
    }

    [Fact]
    public async Task Metrics_spans_and_logs_go_to_the_collector_that_the_configuration_names()
    {
        using var folder = new TemporaryFolder();
        await using var collector = RecordingBackend.Start();
        await using var host = await StartAsync(
            folder,
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url.GetLeftPart(UriPartial.Authority)}",
            "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "--OTEL_METRIC_EXPORT_INTERVAL=200");
        var sender = new JanusSender(
            new Uri(host.Url, "/janus/events"), new JanusSenderOptions { UserName = "janus", Password = Password });
        foreach (var body in Captures.Bodies(Capture))
            (await sender.SendAsync(body)).Status.Should().Be(200);

        foreach (var (path, word) in new[]
        {
            ("/v1/metrics", "janus_events.sink.duration"), ("/v1/metrics", "janus.peer_connections"), ("/v1/metrics", "janus.rtt"),
            ("/v1/metrics", "janus-capture-1"), ("/v1/traces", "store body"), ("/v1/traces", "write batch"), ("/v1/logs", "Created the tables"),
        })
        {
            await Wait.UntilAsync(
                () => collector.Requests.Any(r => r.Head.StartsWith($"POST {path} ", StringComparison.Ordinal) && r.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0),
                Limit,
                $"{word} at {path}");
        }
    }

    [Fact]
    public async Task Without_its_secrets_it_does_not_start_and_says_what_to_set()
    {
        using var folder = new TemporaryFolder();

        await using var host = SampleHostProcess.Launch(Options(folder));

        (await host.WaitForExitAsync(Limit)).Should().Be(1);
        host.Lines.Should().ContainSingle().Which.Should().Contain("--Api:Key=").And.Contain("--Janus:Password=");
    }

    private static Task<SampleHostProcess> StartAsync(TemporaryFolder folder, params string[] more) =>
        SampleHostProcess.StartAsync(Options(folder, [$"--Api:Key={Key}", $"--Janus:Password={Password}", .. more]));

    private static SampleHostOptions Options(TemporaryFolder folder, params string[] arguments) => new()
    {
        WorkingDirectory = folder.Path,
        Arguments = arguments,
        Program = Repository.PathOf(
            "samples", "JanusEvents.EmbeddedHost", "bin", Repository.Configuration, "net10.0", "JanusEvents.EmbeddedHost.dll"),
    };

    private static HttpClient Caller(SampleHostProcess host, string key) =>
        new() { BaseAddress = host.Url, Timeout = Limit, DefaultRequestHeaders = { { "X-Api-Key", key } } };

    /// <summary>The stream of /api/live, as a page reads it.</summary>
    private sealed class LivePage(Stream stream, IAsyncEnumerator<SseItem<string>> items) : IAsyncDisposable
    {
        public static async Task<LivePage> OpenAsync(HttpClient http)
        {
            var stream = await http.GetStreamAsync(new Uri("/api/live", UriKind.Relative));
            var page = new LivePage(stream, SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator());
            await page.NextAsync();
            return page;
        }

        public async Task<string> NextAsync()
        {
            (await items.MoveNextAsync().AsTask().WaitAsync(Limit)).Should().BeTrue();
            return items.Current.Data;
        }

        /// <summary>Whether the stream comes to its end, which it does not where the connection is broken off.</summary>
        public async Task<bool> EndsInOrderAsync()
        {
            try
            {
                return !await items.MoveNextAsync().AsTask().WaitAsync(Limit);
            }
            catch (IOException)
            {
                return false;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await items.DisposeAsync();
            await stream.DisposeAsync();
        }
    }
}
