using System.Text.RegularExpressions;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using static JanusEvents.Relational.Tests.Hosting.RoomEvents;

namespace JanusEvents.Relational.Tests;

/// <summary>The questions of docs/rooms.md, the events of a room, and facts that are made again.</summary>
public abstract class RoomTests(TestStores stores) : StoreTests(stores)
{
    private const string AllFacts =
        "SELECT arrival, tablename, part, what, event, emitter, plugin, room, participant, peer, display, private_id, session, handle, opaque_id, timestamp FROM facts ORDER BY arrival, tablename, part";

    private static readonly string[] s_questions =
    [
        .. Regex.Matches(File.ReadAllText(Repository.PathOf("docs", "rooms.md")), "```sql\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value),
    ];

    // Two days around the first of July, the day that the questions ask for.
    private static readonly string[] s_twoDays =
    [
        VideoRoom(-9000, "joined", "1234", "1", 11, ",\"display\":\"Ann\",\"private_id\":5", opaqueId: "ann"),
        Stats(-8500, 11, 1),
        VideoRoom(-8000, "leaving", "1234", "1"),
        VideoRoom(-100, "joined", "1234", "2", 12, ",\"display\":\"Ann\"", opaqueId: "ann"),
        Stats(-150, 12, 2),
        Stats(10, 12, 3),
        VideoRoom(50, "joined", "\"1234\"", "3", 13, ",\"display\":\"Ben\"", opaqueId: "ben"),
        VideoRoom(60, "subscribing", "1234", null, 14, ",\"private_id\":0,\"streams\":[{\"feed_id\":2}]", opaqueId: "ben"),
        VideoRoom(70, "joined", "77", "9", 15, opaqueId: "ann"),
        Plugin("audiobridge", 70, """{"event":"joined","room":1234,"id":4,"display":"Carl"}""", 16, opaqueId: "carl"),
        Stats(80, 13, 4),
        Stats(80, 14, 5),
        Stats(80, 15, 6),
        Stats(80, 16, 7),
        Stats(80, 13, 8, "two"),
        VideoRoom(90, "leaving", "1234", "2"),
        Stats(100, 12, 9),
        VideoRoom(110, "destroyed", "1234", null, 99),
        Stats(120, 13, 10),
        VideoRoom(90_000, "joined", "1234", "6", 17, ",\"display\":\"Dora\"", opaqueId: "ann"),
        Stats(90_010, 17, 11),
    ];

    [Fact]
    public async Task The_questions_of_the_docs_are_answered_by_their_SQL_word_for_word()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(s_twoDays));

        (await TextAsync(s_questions[0])).Should().Equal("2 | Ann | ann | -100 | 90", "3 | Ben | ben | 50 | 110");
        (await TextAsync(s_questions[1])).Should().Equal(
            "2 | Ann | ann | 12 | 10 | audio | - | 3 | -",
            "3 | Ben | ben | 13 | 80 | audio | - | 4 | -",
            "- | - | ben | 14 | 80 | audio | - | 5 | -");
        (await TextAsync(s_questions[2])).Should().Equal(
            "one | janus.plugin.videoroom | 1234 | Ann | -9000 | -8000",
            "one | janus.plugin.videoroom | 1234 | Ann | -100 | 90",
            "one | janus.plugin.videoroom | 77 | - | 70 | -",
            "one | janus.plugin.videoroom | 1234 | Dora | 90000 | -");
        s_questions.Should().HaveCount(3);
    }

    [Fact]
    public async Task The_events_of_a_room_are_those_that_name_it_and_those_of_its_handles_while_they_were_in_it()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(s_twoDays));

        // Late: it arrived after everything else, and is still of the first stay.
        await host.WriteAsync(Bodies.Of(Stats(-8900, 11, 12), Plugin("videoroom", 95, """{"videoroom":"moderated","room":1234,"id":3}""")));

        var stats = (await host.ReadAsync(new EventQuery { Room = "1234" })).OfType<MediaStatsEvent>();
        stats.Select(e => e.PacketsReceived).Should().Equal(1, 3, 4, 5, 7, 11, 12);
        (await host.ReadAsync(new EventQuery { Room = "1234", Kinds = [typeof(PluginEvent)] })).Select(e => $"{e.Json}")
            .Should().Equal(
                s_twoDays.Where(e => e.Contains("1234", StringComparison.Ordinal)).Append(Plugin("videoroom", 95, """{"videoroom":"moderated","room":1234,"id":3}""")));
        (await host.ReadAsync(new EventQuery { Room = "1234", HandleId = 13 })).Should().HaveCount(2);
        (await host.ReadAsync(new EventQuery { Room = "77", OpaqueId = "ben" })).Should().BeEmpty();
        (await host.ReadAsync(new EventQuery { Room = "12345" })).Should().BeEmpty();
    }

    [Fact]
    public async Task The_events_of_a_room_of_a_real_call_come_in_the_order_of_arrival()
    {
        const long Room = 1234567890123;
        (long Handle, int First, int Last)[] stays = [(19, 19, 962), (36, 36, 842), (60, 60, 912), (82, 82, 1091), (110, 110, 1091), (128, 128, 1091), (160, 160, 1091), (181, 181, 912), (209, 209, 912)];
        var host = await StartHostAsync();
        var bodies = Bodies.OfCapture("03-videoroom").ToList();
        await host.WriteAllAsync(bodies, perBatch: 100);
        var all = bodies.SelectMany(b => b.Events).ToList();

        var read = await host.ReadAsync(new EventQuery { Room = $"{Room}" });

        var expected = all.Where(e =>
            (e is PluginEvent plugin && $"{plugin.Data}".Contains($"\"room\":{Room}", StringComparison.Ordinal))
            || stays.Any(s => all[s.First - 1].HandleId == e.HandleId && e.Timestamp >= all[s.First - 1].Timestamp && e.Timestamp <= all[s.Last - 1].Timestamp));
        read.Select(e => ExactJson.Canonical(e.Json.Utf8)).Should().Equal(expected.Select(e => ExactJson.Canonical(e.Json.Utf8)));
        read.OfType<MediaStatsEvent>().Should().HaveCountGreaterThan(500);
    }

    [Fact]
    public async Task Facts_are_made_again_as_they_were_as_often_as_one_likes()
    {
        var host = await StartHostAsync();
        await host.WriteAllAsync(Bodies.OfCapture("03-videoroom"), perBatch: 100);
        await host.WriteAllAsync(Bodies.OfCapture("05-streaming"), perBatch: 100);
        var facts = await Store.QueryAsync(AllFacts);

        await Store.QueryAsync("DROP TABLE facts");
        var rebuilt = await host.RoomFacts.RebuildAsync();
        (await TextAsync(AllFacts)).Should().Equal(facts.Select(Text));
        rebuilt.Facts.Should().Be(facts.Count);

        // Wrong, missing, and one whose event is gone.
        await Store.QueryAsync("UPDATE facts SET what = 'left' WHERE what = 'joined'");
        await Store.QueryAsync("DELETE FROM facts WHERE what = 'subscribed'");
        await Store.QueryAsync("INSERT INTO facts (arrival, tablename, part, what) VALUES (1000000, 'plugins', 0, 'joined')");
        await host.RoomFacts.RebuildAsync();
        (await TextAsync(AllFacts))[..^1].Should().Equal(facts.Select(Text));
        (await CountAsync("facts")).Should().Be(facts.Count + 1);
    }

    [Fact]
    public async Task Facts_are_made_again_while_hosts_write_and_others_make_them_again()
    {
        var host = await StartHostAsync();
        await host.WriteAllAsync(Bodies.OfCapture("03-videoroom"), perBatch: 100);
        var other = await StartHostAsync();
        var writing = Task.Run(async () =>
        {
            foreach (var batch in Enumerable.Range(0, 40).Select(i => Bodies.Of(VideoRoom(i, "joined", "1", $"{i + 1}", i + 1), VideoRoom(i + 0.5, "leaving", "1", $"{i + 1}"))))
                await other.WriteUntilStoredAsync(batch);
        });

        do
            await Task.WhenAll(host.RoomFacts.RebuildAsync(), other.RoomFacts.RebuildAsync());
        while (!writing.IsCompleted);
        await writing;

        (await TextAsync("SELECT room, began, ended FROM stays WHERE room = '1' ORDER BY began"))
            .Should().Equal(Enumerable.Range(0, 40).Select(i => FormattableString.Invariant($"1 | {i} | {i + 0.5}")));
        var facts = await TextAsync(AllFacts);
        await host.RoomFacts.RebuildAsync();
        (await TextAsync(AllFacts)).Should().Equal(facts);
    }

    private static string Text(string?[] row) => string.Join(" | ", row.Select(v => v is null ? "-" : SecondOf(v) ?? v));

    private async Task<string[]> TextAsync(string sql) => [.. (await Store.QueryAsync(sql)).Select(Text)];
}
