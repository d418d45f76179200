using System.Globalization;
using System.Net;
using System.Text.Json;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Dashboard.Tests;

/// <summary>What the page of a call gets: the same numbers as the record, while the call lasts and afterwards.</summary>
public sealed class CallDataTests
{
    private static readonly Uri s_events = new("/janus/events", UriKind.Relative);

    [Theory]
    [InlineData("03-videoroom")]
    [InlineData("15b-udp-blackout")]
    [InlineData("15c-no-media-path")]
    [InlineData("15p-loss-stats5")]
    public async Task A_past_call_has_the_times_and_counts_of_its_record(string recording)
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), recording);
        IReadOnlyList<PeerConnectionRecord> records = await RecordsAsync(host, Recordings.Read("records.json")[recording].GetProperty("peerconnections").GetArrayLength());

        foreach (PeerConnectionRecord record in records)
        {
            JsonElement call = (await JsonAsync(host, Address(record))).GetProperty("sections").GetProperty("call");

            call.GetProperty("live").GetBoolean().Should().BeFalse();
            Text(call, "setupMs").Should().Be(record.SetupMs?.ToString(CultureInfo.InvariantCulture));
            Text(call, "durationMs").Should().Be(record.DurationMs?.ToString(CultureInfo.InvariantCulture));
            Text(call, "outcome").Should().Be(record.Outcome);
            Text(call, "reason").Should().Be(record.Reason);
            foreach ((string name, DateTimeOffset? time) in new[] { ("offered", record.Offered), ("connecting", record.Connecting), ("up", record.Up), ("ended", record.Ended) })
                (Text(call, name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : (DateTimeOffset?)null).Should().Be(time, name);
            call.GetProperty("media").EnumerateArray().Select(m => (m.GetProperty("packetsIn").GetInt64(), m.GetProperty("lostIn").GetInt64(), m.GetProperty("bytesOut").GetInt64()))
                .Should().Equal(record.Media.Select(m => (m.PacketsIn, m.LostIn, m.BytesOut)));
        }
    }

    [Fact]
    public async Task Its_points_add_up_to_what_the_record_counted()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "15b-udp-blackout");
        PeerConnectionRecord record = (await RecordsAsync(host, 1))[0];

        JsonElement points = (await JsonAsync(host, Address(record))).GetProperty("sections").GetProperty("points");

        foreach (PeerConnectionMedium medium in record.Media.Where(m => m.Kind != "data"))
        {
            double bits = 0;
            JsonElement[] rows = [.. points.GetProperty(medium.Mid ?? medium.Kind).EnumerateArray()];
            for (int i = 1; i < rows.Length; i++)
            {
                if (rows[i][6].ValueKind == JsonValueKind.Number && rows[i - 1][0].ValueKind == JsonValueKind.Number)
                    bits += rows[i][6].GetDouble() * (rows[i][0].GetInt64() - LastTime(rows, i)) / 1000;
            }

            (bits / 8).Should().BeApproximately(medium.BytesIn, Math.Max(2_000, medium.BytesIn * 0.05), medium.Kind);
        }
    }

    [Fact]
    public async Task A_live_call_is_streamed_whole_and_then_what_is_new_and_at_its_end_as_its_record_says()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "02-echotest", until: TimeSpan.FromSeconds(4));
        CallState live = host.App.Services.GetRequiredService<IJanusMonitor>().Read().Calls.Should().ContainSingle().Subject;
        using Stream stream = await host.Http.GetStreamAsync(new Uri(
            host.Address, $"/janus/live?view=call&emitter={live.Key.Emitter}&session={live.Key.Session}&handle={live.Key.Handle}&number={live.Key.Number}"));
        using StreamReader reader = new(stream);
        JsonElement first = await NextViewAsync(reader);

        first.GetProperty("full").GetBoolean().Should().BeTrue();
        first.GetProperty("sections").GetProperty("call").GetProperty("live").GetBoolean().Should().BeTrue();
        int shown = first.GetProperty("sections").GetProperty("events").GetArrayLength();
        shown.Should().BeGreaterThan(5);

        await host.PostAsync($$"""
            {"emitter":"{{live.Key.Emitter}}","type":64,"timestamp":{{Now}},"session_id":{{live.Key.Session}},"handle_id":{{live.Key.Handle}},"event":{"plugin":"janus.plugin.echotest","data":{"audio_active":true} } }
            """);
        JsonElement next = await NextViewAsync(reader, view => view.GetProperty("sections").TryGetProperty("events", out JsonElement events) && events.GetArrayLength() > 0);
        next.GetProperty("full").GetBoolean().Should().BeFalse();
        next.GetProperty("sections").GetProperty("events").EnumerateArray().Should().ContainSingle().Which.GetProperty("kind").GetString().Should().Be("plugin");

        await host.PostAsync($$"""
            {"emitter":"{{live.Key.Emitter}}","type":16,"subtype":6,"timestamp":{{Now}},"session_id":{{live.Key.Session}},"handle_id":{{live.Key.Handle}},"event":{"connection":"hangup","reason":"Close PC"} }
            """);
        JsonElement last = await NextViewAsync(reader, view => view.GetProperty("full").GetBoolean());
        last.GetProperty("sections").GetProperty("call").GetProperty("live").GetBoolean().Should().BeFalse();
        last.GetProperty("sections").GetProperty("call").GetProperty("reason").GetString().Should().Be("Close PC");
    }

    [Fact]
    public async Task Addresses_and_session_descriptions_are_hidden_when_the_host_says_so()
    {
        await using DashboardHost host = await DashboardHost.StartAsync(settings: new Dictionary<string, string?>
        {
            ["JanusEvents:Dashboard:HideAddresses"] = "true",
            ["JanusEvents:Dashboard:HideSdp"] = "true",
        });
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "15b-udp-blackout");
        PeerConnectionRecord record = (await RecordsAsync(host, 1))[0];

        string call = await host.TextAsync(Address(record));
        string raw = await host.TextAsync(Address(record).Replace("data/call", "data/events.ndjson", StringComparison.Ordinal));

        foreach (string text in new[] { call, raw, await host.TextAsync("/janus/data/view?view=feed"), await host.TextAsync("/janus/data/view?view=overview") })
            text.Should().NotMatchRegex(@"\b10\.77\.0\.[1-9]|\b127\.0\.0\.1(?!:)").And.NotContain("a=rtpmap");
        JsonDocument.Parse(call).RootElement.GetProperty("sections").GetProperty("sdps").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task The_raw_events_of_a_call_come_as_Janus_sent_them()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();
        await RecordedCalls.SendAsync(host.Http, new Uri(host.Address, s_events), "02-echotest");
        PeerConnectionRecord record = (await RecordsAsync(host, 1))[0];

        string[] lines = (await host.TextAsync(Address(record).Replace("data/call", "data/events.ndjson", StringComparison.Ordinal))).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Should().HaveCountGreaterThan(10);
        lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("handle_id").GetInt64()).Should().OnlyContain(id => id == record.Handle);
    }

    [Fact]
    public async Task A_call_that_nobody_knows_is_not_found()
    {
        await using DashboardHost host = await DashboardHost.StartAsync();

        using HttpResponseMessage got = await host.GetAsync("/janus/data/call?emitter=&session=1&handle=2&number=1");

        got.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static long LastTime(JsonElement[] rows, int before)
    {
        for (int i = before - 1; i > 0; i--)
        {
            if (rows[i][1].ValueKind == JsonValueKind.Number || rows[i][6].ValueKind == JsonValueKind.Number)
                return rows[i][0].GetInt64();
        }

        return rows[0][0].GetInt64();
    }

    private static string Address(PeerConnectionRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"/janus/data/call?emitter={Uri.EscapeDataString(record.Emitter ?? "")}&session={record.Session}&handle={record.Handle}&number={record.Number}");

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    private static async Task<JsonElement> JsonAsync(DashboardHost host, string path) => JsonDocument.Parse(await host.TextAsync(path)).RootElement;

    private static async Task<JsonElement> NextViewAsync(StreamReader reader, Func<JsonElement, bool>? fits = null)
    {
        while (await reader.ReadLineAsync().WaitAsync(Wait.Limit) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal) && JsonDocument.Parse(line["data: ".Length..]).RootElement is var view && (fits is null || fits(view)))
                return view;
        }

        throw new EndOfStreamException("The stream ended.");
    }

    private static async Task<IReadOnlyList<PeerConnectionRecord>> RecordsAsync(DashboardHost host, int count)
    {
        IPeerConnectionStore store = host.App.Services.GetRequiredService<IPeerConnectionStore>();
        List<PeerConnectionRecord> records = [];
        await Wait.UntilAsync(
            async () =>
            {
                records = await store.ReadAsync(new PeerConnectionQuery()).ToListAsync();
                return records.Count >= count;
            },
            Wait.Limit,
            $"{count} records",
            () => $"{records.Count} are there.");
        return records;
    }
}
