using System.Diagnostics;
using System.Net;
using System.Text.Json;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Dashboard.Tests;

/// <summary>The streams of the page: what they send, how many there may be, and that they end.</summary>
public sealed class LiveStreamTests
{
    private const string Session = """{"emitter":"edge-1","type":1,"timestamp":1764000000000000,"session_id":11,"event":{"name":"created"}}""";

    [Fact]
    public async Task A_view_comes_whole_and_then_what_has_changed()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        using StreamReader reader = await OpenAsync(host, "view=overview");
        JsonElement first = await NextAsync(reader, "view");
        first.GetProperty("full").GetBoolean().Should().BeTrue();
        first.GetProperty("sections").GetProperty("totals").GetProperty("sessions").GetInt32().Should().Be(0);

        await host.PostAsync(Session);

        JsonElement next = await NextAsync(reader, "view", view => view.GetProperty("sections").TryGetProperty("totals", out JsonElement totals) && totals.TryGetProperty("sessions", out _));
        next.GetProperty("full").GetBoolean().Should().BeFalse();
        next.GetProperty("sections").GetProperty("totals").GetProperty("sessions").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task The_log_has_the_types_and_the_text_that_were_asked_for()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        using StreamReader sessions = await OpenAsync(host, "view=log&types=1");
        using StreamReader text = await OpenAsync(host, "view=log&types=1,256&q=edge-2");

        // A stream is open once its first message could be sent: what is posted until then may be missed.
        await Wait.UntilAsync(
            async () =>
            {
                await host.PostAsync("""{"emitter":"edge-1","type":256,"event":{"status":"update"} }""");
                await host.PostAsync($$"""{"emitter":"edge-2","type":256,"timestamp":{{Stopwatch.GetTimestamp()}},"event":{"status":"update"} }""");
                await host.PostAsync(Session.Replace("11", Stopwatch.GetTimestamp().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
                return host.App.Services.GetRequiredService<IJanusMonitor>().Read().Totals.Sessions > 3;
            },
            Wait.Limit,
            "some sessions");

        (await NextAsync(sessions, "event")).GetProperty("kind").GetString().Should().Be("session");
        (await NextAsync(text, "event")).GetProperty("emitter").GetString().Should().Be("edge-2");
    }

    [Fact]
    public async Task The_log_can_be_polled_and_gives_each_event_once()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        await host.TextAsync("/janus/data/log?after=0");
        List<JsonElement> events = [];
        for (int i = 1; i <= 3; i++)
        {
            await host.PostAsync(Session.Replace("11", $"{i}1", StringComparison.Ordinal));
            await Wait.UntilAsync(
                async () =>
                {
                    long after = events.Count == 0 ? 0 : events[^1].GetProperty("n").GetInt64();
                    events.AddRange(JsonDocument.Parse(await host.TextAsync($"/janus/data/log?after={after}&types=1")).RootElement.GetProperty("events").EnumerateArray());
                    return events.Count == i;
                },
                Wait.Limit,
                "the event");
        }

        events.Select(e => e.GetProperty("session").GetString()).Should().Equal("11", "21", "31");
    }

    [Fact]
    public async Task More_streams_than_are_allowed_are_told_to_poll_and_a_stream_that_ends_makes_room()
    {
        await using DashboardHost host = await DashboardHost.StartAsync(settings: new Dictionary<string, string?> { ["JanusEvents:Dashboard:MaxStreams"] = "2" });
        StreamReader first = await OpenAsync(host, "view=overview");
        using StreamReader second = await OpenAsync(host, "view=rooms");

        using (HttpResponseMessage third = await host.GetAsync("/janus/live?view=overview"))
            third.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        first.Dispose();

        await Wait.UntilAsync(
            async () =>
            {
                using HttpResponseMessage again = await host.GetAsync("/janus/live?view=overview");
                return again.IsSuccessStatusCode;
            },
            Wait.Limit,
            "room for another stream");
    }

    [Fact]
    public async Task Streams_end_when_the_host_stops()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        using StreamReader view = await OpenAsync(host, "view=overview");
        using StreamReader log = await OpenAsync(host, "view=log");
        await NextAsync(view, "view");

        await host.App.StopAsync().WaitAsync(Wait.Limit);

        await Task.WhenAll(EndAsync(view), EndAsync(log)).WaitAsync(Wait.Limit);
    }

    [Theory]
    [InlineData("/janus/live?view=nothing")]
    [InlineData("/janus/data/view?view=nothing")]
    [InlineData("/janus/data/nothing")]
    [InlineData("/janus/live?view=call&session=abc&handle=1")]
    public async Task What_does_not_exist_is_not_found(string path)
    {
        await using DashboardHost host = await DashboardHost.StartAsync();

        using HttpResponseMessage got = await host.GetAsync(path);

        got.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_a_store_the_page_shows_what_is_live()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddJanusEvents().AddSink<ForgettingSink>().AddMonitoring();
        await using WebApplication app = builder.Build();
        app.MapJanusEvents("/janus/events");
        app.MapJanusDashboard();
        await app.StartAsync();
        using HttpClient http = new() { BaseAddress = new Uri(app.Urls.First()) };
        await http.PostAsync("/janus/events", new StringContent(Session));

        (await http.GetStringAsync("/janus/data/view?view=overview")).Should().Contain("\"sessions\":1");
        (await http.GetStringAsync("/janus/data/records")).Should().Contain("\"records\":[]");
        (await http.GetStringAsync("/janus/data/search?q=edge")).Should().Contain("edge-1");
        (await http.GetStringAsync("/janus/data/stays?room=1")).Should().Contain("[]");
    }

    private static async Task<StreamReader> OpenAsync(DashboardHost host, string query)
    {
        HttpResponseMessage answer = await host.GetAsync($"/janus/live?{query}");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        answer.Headers.GetValues("X-Accel-Buffering").Should().Equal("no");
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader, string kind, Func<JsonElement, bool>? fits = null)
    {
        string? current = null;
        while (await reader.ReadLineAsync().WaitAsync(Wait.Limit) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                current = line["event: ".Length..];
            else if (current == kind && line.StartsWith("data: ", StringComparison.Ordinal) && JsonDocument.Parse(line["data: ".Length..]).RootElement is var data && (fits is null || fits(data)))
                return data;
        }

        throw new EndOfStreamException("The stream ended.");
    }

    private static async Task EndAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is not null)
            {
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // An end as well.
        }
    }

    private sealed class ForgettingSink : IEventSink
    {
        public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
