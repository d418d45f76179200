using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Sqlite;

public sealed class SqliteForeignRowTests() : ForeignRowTests(TestStores.Sqlite)
{
    [Fact]
    public async Task A_value_of_another_type_comes_back_as_it_is_and_is_told()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "{}")));
        await InsertAsync("ice", "session, handle, stream, component, state", "7", "'abc'", "1e300", "9e999", "'ready'");
        await InsertAsync("media", "session, medium, receiving, timestamp", "7", "x'617564696F'", "'maybe'", "'yesterday'");
        await InsertAsync("media", "session, medium, receiving, timestamp", "7", "x'FF'", "2", "1493631002.5");
        await InsertAsync("stats", "session, base, part, lostlocal, jitterlocal, lostremote", "7", "48000.0", "'one'", "2.5", "x'00ff'", "' 5'");
        await InsertAsync("sdps", "session, remote, offer, sdp", "7", "'remote'", "'true'", "5");

        var (events, damaged) = await ReadAsync(host, new EventQuery { SessionId = 7 });

        events.Select(e => e.ToJson()).Should().BeEquivalentTo(
            """{"type":16,"session_id":7,"handle_id":"abc","event":{"ice":"ready","stream_id":1E+300,"component_id":"Infinity"}}""",
            """{"type":32,"timestamp":"yesterday","session_id":7,"event":{"media":"audio","receiving":"maybe"}}""",
            """{"type":32,"timestamp":"1493631002.5","session_id":7,"event":{"media":"ÿ","receiving":true}}""",
            """{"type":32,"session_id":7,"event":[{"base":48000,"lost":2.5,"lost-by-remote":5,"jitter-local":"\u0000ÿ"}]}""",
            """{"type":8,"session_id":7,"event":{"owner":"remote","jsep":{"type":"offer","sdp":"5"}}}""");
        damaged.Select(d => d.Table).Should().BeEquivalentTo("ice", "media", "media", "stats", "sdps");
    }

    [Fact]
    public async Task A_text_that_is_no_UTF8_comes_back_with_a_character_for_each_byte()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "{}")));
        await InsertAsync("plugins", "session, plugin, event", "7", "'p'", "CAST(x'7B22646973706C6179223A224AE4676572227D' AS TEXT)");
        await InsertAsync("plugins", "session, plugin, event", "7", "'\uFFFD'", "'{\"display\":\"\uFFFD\"}'");

        var (events, damaged) = await ReadAsync(host, new EventQuery { SessionId = 7 });

        events.Select(e => e.ToJson()).Should().Equal(
            """{"type":64,"session_id":7,"event":{"plugin":"p","data":{"display":"Jäger"}}}""",
            "{\"type\":64,\"session_id\":7,\"event\":{\"plugin\":\"\uFFFD\",\"data\":{\"display\":\"\uFFFD\"}}}");
        damaged.Should().BeEmpty();
    }

    [Fact]
    public async Task A_time_that_is_none_is_none_or_comes_back_as_text()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "{}")));
        foreach (var time in new[] { "'0000-00-00 00:00:00'", "'2016-02-31 10:00:00'", "'10:00'", "'01.05.2016 10:00'", "''", "'2016-05-01T10:00:00Z'" })
            await InsertAsync("sessions", "session, event, timestamp", "7", "'created'", time);

        var (events, damaged) = await ReadAsync(host, new EventQuery { SessionId = 7 });

        events.Select(e => e.Timestamp is { } t ? $"{t:yyyy-MM-dd HH:mm}" : e.ToJson().Contains("timestamp", StringComparison.Ordinal) ? "text" : "none")
            .Should().Equal("none", "none", "text", "text", "text", "2016-05-01 10:00");
        damaged.Should().HaveCount(3);
    }
}
