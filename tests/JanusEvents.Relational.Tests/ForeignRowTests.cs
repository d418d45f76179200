using System.Text.Json;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.Logging;
using static JanusEvents.Relational.Tests.Hosting.RoomEvents;

namespace JanusEvents.Relational.Tests;

/// <summary>Rows that another program wrote come back, or are told.</summary>
public abstract class ForeignRowTests(TestStores stores) : StoreTests(stores)
{
    private const string Time = "'2017-05-01 09:30:02'";

    /// <summary>Texts that are no JSON, some of which would be, put between other JSON.</summary>
    private static readonly string[] s_noJson =
    [
        "{\"event\":\"sip-in\",\"sip\":\"xxxx", "", " ", "plain", "{\"a\":1},\"more\":{\"b\":2}", "1,\"type\":2", "{} {}", "{\"a\":1}}", "{\"a\":1}]",
        "[1,2", "{\"a\":NaN}", "{\"a\":01}", "{a:1}", "{\"a\":1} // so", "{\"a\":1,}", "{\"a\":\"\t\"}", "nul", "\"", "{\"a\"", "\uFEFF{}",
    ];

    /// <summary>JSON of forms that Janus does not send there.</summary>
    private static readonly string[] s_json = ["null", "5", "\"text\"", "[1, 2]", " {\"a\" : 1.50} ", "{\"a\":1,\"a\":2}", "{}"];

    [Fact]
    public async Task A_text_that_is_no_JSON_comes_back_as_a_string_and_is_told_with_its_table_and_number()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "{}")));
        foreach (var text in s_noJson)
            await InsertAsync("plugins", "session, plugin, event, timestamp", "7", "'janus.plugin.sip'", Quoted(text), Time);

        var (events, damaged) = await ReadAsync(host, new EventQuery { SessionId = 7 });

        events.Select(e => Body(e).GetProperty("data")).Select(d => (d.ValueKind, d.GetString()))
            .Should().Equal(s_noJson.Select(text => (JsonValueKind.String, (string?)text)));
        events.Should().OnlyContain(e => e is PluginEvent && ((PluginEvent)e).Plugin == "janus.plugin.sip" && e.Timestamp != null);
        events.Should().OnlyContain(e => !e.ToJson().Contains("more\":{", StringComparison.Ordinal));
        var ids = (await ColumnAsync("SELECT id FROM plugins WHERE session = 7 ORDER BY id")).Select(id => long.Parse(id!, null));
        damaged.Select(d => (d.Table, d.Number, d.HasEvent)).Should().Equal(ids.Select(id => ("plugins", id, true)));
        damaged.Should().OnlyContain(d => d.Reason == "The column event holds a text that is no JSON.");
    }

    [Fact]
    public async Task JSON_of_another_form_comes_back_as_it_is()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "{}")));
        foreach (var text in s_json)
            await InsertAsync("transports", "session, plugin, event, timestamp", "7", "'t'", Quoted(text), Time);

        var (events, damaged) = await ReadAsync(host, new EventQuery { SessionId = 7 });

        events.Select(e => Body(e).GetProperty("data").GetRawText().Trim()).Should().Equal(s_json.Select(text => text.Trim()));
        damaged.Should().BeEmpty();
    }

    [Fact]
    public async Task Every_column_of_JSON_is_read_so()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "{}")));
        const string Cut = "'{\"a\":'";
        await InsertAsync("transports", "plugin, event, timestamp", "'janus.transport.http'", Cut, Time);
        await InsertAsync("external", "eventschema, event", "'mine'", Cut);
        await InsertAsync("core", "name, value, info", "'status'", "'started'", Cut);
        await InsertAsync("dtls", "session, state, extra", "9", "'connected'", Cut);
        await InsertAsync("ice", "session, state, extra", "9", "'ready'", "'[1]'");
        await InsertAsync("media", "session, medium, receiving, extra", "9", "'audio'", "1", "'{\"x\":1},\"y\":2'");

        var (events, damaged) = await ReadAsync(host, new EventQuery());

        events.Select(e => e.ToJson()).Should().BeEquivalentTo(
            events.OfType<PluginEvent>().Single().ToJson(),
            """{"type":128,"timestamp":1493631002000000,"event":{"transport":"janus.transport.http","data":"{\"a\":"}}""",
            """{"type":4,"event":{"schema":"mine","data":"{\"a\":"}}""",
            """{"type":256,"event":{"status":"started","info":"{\"a\":"}}""",
            """{"type":16,"session_id":9,"event":{"dtls":"connected"},"extra":"{\"a\":"}""",
            """{"type":16,"session_id":9,"event":{"ice":"ready"},"extra":"[1]"}""",
            """{"type":32,"session_id":9,"event":{"media":"audio","receiving":true},"extra":"{\"x\":1},\"y\":2"}""");
        damaged.Select(d => d.Table).Should().BeEquivalentTo("transports", "external", "core", "dtls", "ice", "media");
        damaged.Should().OnlyContain(d => d.HasEvent);
    }

    [Fact]
    public async Task A_row_of_which_no_event_can_be_made_is_told()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of("""{"type":999,"event":{"new":1}}"""));
        await InsertAsync("unknown", "session, type, event", "1", "998", "'{\"type\":998,\"ev'");
        await InsertAsync("unknown", "session, type, event", "2", "997", "NULL");
        await InsertAsync("unknown", "session, type, event", "3", "996", "'[{\"type\":1,\"event\":{}},{\"type\":1,\"event\":{}}]'");
        await InsertAsync("unknown", "session, event", "4", "'{\"no\":\"type\"}'");
        await InsertAsync("unknown", "session, event", "5", "NULL");
        await InsertAsync("ice", "session, handle", "6", "7");

        var (events, damaged) = await ReadAsync(host, new EventQuery());

        events.Select(e => e.ToJson()).Should().Contain([
            """{"type":999,"event":{"new":1}}""",
            """{"type":998,"session_id":1,"event":"{\"type\":998,\"ev"}""",
            """{"type":997,"session_id":2,"event":{}}""",
            """{"type":996,"session_id":3,"event":"[{\"type\":1,\"event\":{}},{\"type\":1,\"event\":{}}]"}""",
            """{"type":16,"session_id":6,"handle_id":7,"event":{}}""",
        ]).And.HaveCount(5).And.OnlyContain(e => e.Contains("\"type\":", StringComparison.Ordinal));
        damaged.Select(d => (d.Table, d.HasEvent)).Should().BeEquivalentTo(
            [("unknown", true), ("unknown", true), ("unknown", true), ("unknown", false), ("unknown", false), ("ice", true)]);
    }

    [Fact]
    public async Task Without_anybody_to_tell_damaged_rows_are_logged_the_first_hundred_each()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "{}")));
        for (var i = 0; i < 103; i++)
            await InsertAsync("plugins", "session, plugin, event", $"{i}", "'p'", "'secret'");

        (await host.ReadAsync(new EventQuery())).Should().HaveCount(104);

        var warnings = host.Log.From(LogLevel.Warning).ToList();
        warnings.Should().HaveCount(101).And.OnlyContain(line => !line.Contains("secret", StringComparison.Ordinal));
        warnings[0].Should().Contain("plugins");
        warnings[^1].Should().Contain("3 more rows");
    }

    [Fact]
    public async Task Nothing_that_JanusEvents_stored_is_taken_for_damaged()
    {
        var host = await StartHostAsync();
        foreach (var capture in new[] { "03-videoroom", "06b-external-events", "07c-plain-combined-stats-no-server-name" })
            await host.WriteAllAsync(Bodies.OfCapture(capture), perBatch: 50);
        await host.WriteAsync(Bodies.Of(
            """{"type":256,"event":{"status":"shutdown (15)"}}""",
            """{"type":256,"subtype":2,"event":{"status":"shutdown (15)","signum":9,"more":[]}}""",
            """{"type":256,"event":{"status":"shutdown (x)"}}""",
            """{"type":64,"event":{"plugin":"p","data":"a text"}}""",
            """{"type":32,"subtype":3,"event":[]}"""));

        var (events, damaged) = await ReadAsync(host, new EventQuery());

        damaged.Should().BeEmpty();
        events.OfType<CoreEvent>().Select(e => e.ToJson()).TakeLast(3).Should().Equal(
            """{"type":256,"event":{"status":"shutdown (15)"}}""",
            """{"type":256,"subtype":2,"event":{"signum":9,"status":"shutdown (15)","more":[]}}""",
            """{"type":256,"event":{"status":"shutdown (x)"}}""");
    }

    [Fact]
    public async Task A_shutdown_that_the_published_program_wrote_is_one()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Server(1, "started", "other")));
        await InsertAsync("plugins", "session, handle, plugin, event, timestamp", "501", "601", "'janus.plugin.videoroom'",
            "'{\"event\":\"joined\",\"room\":1234,\"id\":77,\"private_id\":9,\"display\":\"Ann\"}'", "'2026-07-01 00:00:02'");
        await InsertAsync("core", "name, value, timestamp", "'status'", "'shutdown (15)'", "'2026-07-01 00:00:05'");
        await InsertAsync("core", "name, value, timestamp", "'status'", "'shutdown (very)'", "'2026-07-01 00:00:06'");
        await InsertAsync("core", "name, value, timestamp", "'status'", "'shutdown (99999999999999999999)'", "'2026-07-01 00:00:07'");

        var rebuilt = await host.RoomFacts.RebuildAsync();
        var (events, damaged) = await ReadAsync(host, new EventQuery { Kinds = [typeof(CoreEvent)] });

        events.Skip(1).Select(e => (((CoreEvent)e).Status, ((CoreEvent)e).Signum)).Should().Equal(
            ("shutdown", 15), ("shutdown (very)", null), ("shutdown (99999999999999999999)", null));
        events[1].ToJson().Should().EndWith("\"event\":{\"status\":\"shutdown\",\"signum\":15}}");
        (await Store.QueryAsync("SELECT participant, began, ended FROM stays")).Should().ContainSingle().Which.Select(v => SecondOf(v!) ?? v)
            .Should().Equal("77", "2", "5");
        damaged.Should().BeEmpty();
        rebuilt.DamagedRows.Should().Be(0);
    }

    [Fact]
    public async Task Facts_that_cannot_be_made_of_a_row_are_counted_and_logged_and_the_others_are_made()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(VideoRoom(1, "joined", "1", "5", 11)));
        await InsertAsync("plugins", "session, handle, plugin, event, timestamp", "501", "601", "'janus.plugin.videoroom'",
            "'{\"event\":\"joined\",\"room\":1234,\"id\":77,\"dis'", Time);
        await InsertAsync("plugins", "session, handle, plugin, event, timestamp", "501", "602", "'janus.plugin.videoroom'",
            "'{\"event\":\"joined\",\"room\":1234,\"id\":78}'", Time);

        var rebuilt = await host.RoomFacts.RebuildAsync();

        rebuilt.Should().Be(new FactRebuildResult(3, 2) { DamagedRows = 1 });
        (await ColumnAsync("SELECT participant FROM stays ORDER BY participant")).Should().Equal("5", "78");
        host.Log.From(LogLevel.Warning).Should().ContainSingle(line => line.Contains("plugins", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_extras_holds_of_a_row_is_moved_as_it_is_where_it_is_no_JSON()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "{}")));
        await InsertAsync("plugins", "id, session, plugin, event, timestamp", "900001", "7", "'p'", "'{\"cut'", Time);
        await InsertAsync("plugins", "id, session, plugin, event, timestamp", "900002", "7", "'p'", "'{}'", Time);
        var row = Store is SqliteStore ? "\"row\"" : "`row`";
        await InsertAsync("extras", $"tablename, {row}, extra", "'plugins'", "900001", "'{\"emitter\":\"one\"}'");
        await InsertAsync("extras", $"tablename, {row}, extra", "'plugins'", "900002", "'{\"emitter\":'");
        var (before, told) = await ReadAsync(host, new EventQuery { SessionId = 7 });

        await host.Schema.UpgradeAsync();

        var (after, toldAgain) = await ReadAsync(host, new EventQuery { SessionId = 7 });
        (await CountAsync("extras")).Should().Be(0);
        after.Select(e => e.ToJson()).Should().Equal(before.Select(e => e.ToJson())).And.HaveCount(2);
        after[0].ToJson().Should().Contain("\"emitter\":\"one\"").And.Contain("\"data\":\"{\\\"cut\"");
        after[1].ToJson().Should().Contain("\"extra\":\"{\\\"emitter\\\":\"");
        toldAgain.Should().Equal(told).And.HaveCount(2);
        (await ColumnAsync("SELECT event FROM plugins WHERE session = 7 ORDER BY id")).Should().Equal("{\"cut", "{}");
    }

    [Fact]
    public async Task The_questions_about_servers_find_both_forms_of_a_shutdown()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of("""{"emitter":"new","type":256,"subtype":2,"timestamp":1782864000000000,"event":{"status":"shutdown","signum":15}}"""));
        await InsertAsync("core", "name, value, timestamp", "'status'", "'shutdown (15)'", Time);

        var page = await File.ReadAllTextAsync(Repository.PathOf("docs", "tables.md"));
        var start = page.IndexOf("```sql core\n", StringComparison.Ordinal) + "```sql core\n".Length;
        (await Store.QueryAsync(page[start..page.IndexOf("```", start, StringComparison.Ordinal)])).Should().HaveCount(2);
    }

    /// <summary>Adds a row as another program does.</summary>
    protected Task InsertAsync(string table, string columns, params string[] values) =>
        Store.QueryAsync($"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", values)})");

    /// <summary>Reads events, and what is told meanwhile.</summary>
    protected static async Task<(List<JanusEvent> Events, List<DamagedRow> Damaged)> ReadAsync(StoreHost host, EventQuery query)
    {
        List<DamagedRow> damaged = [];
        var events = await host.ReadAsync(query with { DamagedRows = new Told(damaged) });
        host.Log.From(LogLevel.Warning).Should().NotContain(line => line.StartsWith("Row ", StringComparison.Ordinal));
        return (events, damaged);
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static JsonElement Body(JanusEvent e)
    {
        using var json = JsonDocument.Parse(e.Json.Utf8);
        return json.RootElement.GetProperty("event").Clone();
    }

    private sealed class Told(List<DamagedRow> rows) : IProgress<DamagedRow>
    {
        public void Report(DamagedRow value) => rows.Add(value);
    }
}
