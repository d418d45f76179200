using System.Text;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests;

/// <summary>Values at the edges of what an event can hold.</summary>
public abstract class ValueTests(TestStores stores) : StoreTests(stores)
{
    [Fact]
    public async Task Events_made_by_code_are_stored_like_those_received()
    {
        var host = await StartHostAsync();
        var received = Bodies.OfText("""{"type":2,"session_id":1,"handle_id":2,"more":[1.0],"event":{"name":"attached","token":"secret"}}""").Events[0];
        JanusEvent[] events =
        [
            new SessionEvent { SessionId = 1, Timestamp = DateTimeOffset.UnixEpoch, Name = "created" },
            new MediaStatsEvent { SessionId = 1, HandleId = 2, Media = "audio", Part = 0, Rtt = 5 },
            new MediaStatsEvent { SessionId = 1, HandleId = 2, Media = "video", Part = 1 },
            new UnknownEvent { Type = (JanusEventType)1024, Body = new RawJson(Encoding.UTF8.GetBytes("[1.50]")) },
            (HandleEvent)received with { Token = null },
        ];

        await host.WriteAsync(ReceivedBody.FromEvents(events, DateTimeOffset.UnixEpoch));

        var read = await host.ReadAsync(new EventQuery());
        read.Select(e => e.GetType()).Should().Equal(events.Select(e => e.GetType()));
        Written(read).Should().Equal(Written(events));
        read[^1].ToJson().Should().Contain("\"more\":[1.0]").And.NotContain("secret");
        (await ColumnAsync("SELECT event FROM unknown")).Should().Equal("""{"type":1024,"event":[1.50]}""");

        static IEnumerable<string> Written(IReadOnlyList<JanusEvent> events) =>
            ReceivedBody.FromEvents(events, DateTimeOffset.UnixEpoch).Events.Select(e => ExactJson.Canonical(e.Json.Utf8));
    }

    [Fact]
    public async Task The_longest_texts_are_stored_whole()
    {
        // Two, three and four bytes in UTF-8, a line separator, a control character, quotes and a backslash.
        var sdp = string.Concat(Enumerable.Repeat("v=0\r\na=ä✓\U0001F600\u2028\u007F\u0001'\"\\`%_\uFFFF", 12_000));
        var host = await StartHostAsync();

        await host.WriteAsync(Bodies.Of(Bodies.Sdp(1, sdp), Bodies.Plugin(1, Bodies.Text(sdp))));

        (await ColumnAsync($"SELECT {Store.Hex("sdp")} FROM sdps")).Should().Equal(Hex(sdp));
        (await ColumnAsync($"SELECT {Store.Hex("event")} FROM plugins")).Should().Equal(Hex(Bodies.Text(sdp)));
    }

    [Fact]
    public async Task Ids_and_counters_reach_to_the_ends_of_64_bits()
    {
        var host = await StartHostAsync();

        await host.WriteAsync(Bodies.Of(
            Bodies.Event(2, Bodies.OfHandle(long.MaxValue, long.MaxValue - 1), "\"name\":\"attached\",\"plugin\":\"janus.plugin.echotest\""),
            Bodies.Event(
                32,
                $"\"subtype\":3,{Bodies.OfHandle(1)}",
                "\"media\":\"video\",\"lost\":-5,\"packets-sent\":4294967295,\"bytes-sent\":9223372036854775807,\"bytes-received\":-9223372036854775808")));

        (await Store.QueryAsync("SELECT session, handle FROM handles")).Should().ContainSingle()
            .Which.Should().Equal("9223372036854775807", "9223372036854775806");
        (await Store.QueryAsync("SELECT lostlocal, packetssent, bytessent, bytesrecv, base FROM stats")).Should().ContainSingle()
            .Which.Should().Equal("-5", "4294967295", "9223372036854775807", "-9223372036854775808", null);
    }

    [Theory]
    [InlineData("0", "1970-01-01 00:00:00.000000")]
    [InlineData("1", "1970-01-01 00:00:00.000001")]
    [InlineData("1782907200000000", "2026-07-01 12:00:00.000000")]
    [InlineData("1782907200123000", "2026-07-01 12:00:00.123000")]
    [InlineData("1782907200999999", "2026-07-01 12:00:00.999999")]
    [InlineData("-1", "1969-12-31 23:59:59.999999")]
    [InlineData("-30610224000000000", "1000-01-01 00:00:00.000000")]
    [InlineData("253402300799999999", "9999-12-31 23:59:59.999999")]
    [InlineData("253402300800000000", null)]
    [InlineData("\"1782907200000000\"", null)]
    public async Task A_timestamp_is_the_UTC_time_to_the_microsecond(string timestamp, string? stored)
    {
        var host = await StartHostAsync();

        await host.WriteAsync(Bodies.OfText($"{{\"type\":1,\"timestamp\":{timestamp},\"session_id\":1,\"event\":{{\"name\":\"created\"}}}}"));

        (await Store.QueryAsync("SELECT session, timestamp FROM sessions")).Should().ContainSingle().Which.Should().Equal("1", stored);
    }

    [Fact]
    public async Task What_an_event_lacks_is_NULL()
    {
        var host = await StartHostAsync();

        await host.WriteAsync(
            Bodies.OfText("""{"type":64,"event":{"plugin":"janus.plugin.videoroom"}}"""),
            Bodies.OfText("""{"type":8,"event":{}}"""),
            Bodies.OfText("""{"type":16,"subtype":5,"event":{"dtls":"connected"}}"""));

        (await Store.QueryAsync("SELECT session, handle, plugin, event, timestamp FROM plugins")).Should().ContainSingle()
            .Which.Should().Equal(null, null, "janus.plugin.videoroom", null, null);
        (await Store.QueryAsync("SELECT remote, offer, sdp FROM sdps")).Should().ContainSingle().Which.Should().Equal(null, null, null);
        (await Store.QueryAsync("SELECT stream, component, state FROM dtls")).Should().ContainSingle()
            .Which.Should().Equal(null, null, "connected");
        (await CountAsync("rejected")).Should().Be(0);
    }

    [Fact]
    public async Task Rows_are_numbered_in_the_order_of_arrival_whatever_their_timestamps()
    {
        var host = await StartHostAsync();
        var bodies = Enumerable.Range(0, 30)
            .Select(b => Bodies.Of([.. Enumerable.Range(b * 100, 100).Select(i => Bodies.Session(i, time: Bodies.Time - i))]))
            .ToList();

        await host.WriteAllAsync(bodies, perBatch: 7);

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id"))
            .Should().Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"));
    }

    [Fact]
    public async Task An_event_that_has_no_table_costs_nothing_but_its_own_place()
    {
        var host = await StartHostAsync();

        await host.WriteAsync(Bodies.Of(Bodies.Session(1), """{"type":4711,"event":{}}""", Bodies.Session(2)));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2");
    }

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
}
