using System.Text.RegularExpressions;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using static JanusEvents.Relational.Tests.Hosting.RoomEvents;

namespace JanusEvents.Relational.Tests;

/// <summary>Names and ids are compared character by character, whatever a database takes for equal.</summary>
public abstract class ComparisonTests(TestStores stores) : StoreTests(stores)
{
    private static readonly string[] s_names =
    [
        "bob", "bob ", "bob  ", " bob", "Bob", "bob\t", "bob\0", "bob\u00A0", "bob\u200B", "b\u00F6b", "bo\u0308b", "bob\U0001F600", "bob\U0001F601",
        "b_b", "b%b", new string('b', 189) + " ", new string('b', 189), "", " ",
    ];

    [Fact]
    public async Task A_blank_at_the_end_makes_another_participant()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(
            Plugin("textroom", 1, """{"event":"join","room":"lobby","username":"bob"}""", 11),
            Plugin("textroom", 1.1, """{"event":"join","room":"lobby","username":"bob "}""", 22),
            Plugin("textroom", 2, """{"event":"leave","room":"lobby","username":"bob "}""", 22)));

        (await RowsAsync("SELECT handle, participant, ended FROM stays ORDER BY began")).Should().Equal("11 | bob | -", "22 | bob  | 2");
    }

    [Fact]
    public async Task Only_the_participant_of_that_name_leaves_or_is_kicked()
    {
        var host = await StartHostAsync();
        var end = s_names.Length;
        await host.WriteAllAsync(s_names.Select((_, who) => Bodies.Of([
            .. s_names.Select((name, i) => Plugin("textroom", 1, $"{{\"event\":\"join\",\"room\":{who},\"username\":{Bodies.Text(name)}}}", (who * 100) + i + 1)),
            .. s_names.Select((name, i) => VideoRoom(1, "joined", $"{who}", Bodies.Text(name), 10_000 + (who * 100) + i)),
            Plugin("textroom", 2, $"{{\"textroom\":\"kicked\",\"room\":{who},\"username\":{Bodies.Text(s_names[who])}}}", 9999),
            VideoRoom(2, "leaving", $"{who}", Bodies.Text(s_names[who])),
        ])), perBatch: 5);

        // Room 0 is that of an id that is none.
        (await RowsAsync("SELECT handle FROM stays WHERE plugin = 'janus.plugin.textroom' AND ended IS NOT NULL ORDER BY handle"))
            .Should().Equal(Enumerable.Range(1, end - 1).Select(who => $"{(who * 100) + who + 1}"));
        (await RowsAsync("SELECT handle FROM stays WHERE plugin = 'janus.plugin.videoroom' AND ended IS NOT NULL ORDER BY handle"))
            .Should().Equal(Enumerable.Range(1, end - 1).Select(who => $"{10_000 + (who * 100) + who}"));
    }

    [Fact]
    public async Task Only_the_room_of_that_name_is_destroyed_and_only_its_events_are_read()
    {
        var host = await StartHostAsync();
        await host.WriteAllAsync(s_names.Select((_, which) => Bodies.Of([
            .. s_names.Select((name, i) => VideoRoom(1, "joined", Bodies.Text(name), "1", i + 1, emitter: $"{which}")),
            .. s_names.Select((_, i) => Stats(1.5, i + 1, i + 1, $"{which}")),
            VideoRoom(2, "destroyed", Bodies.Text(s_names[which]), handle: 99, emitter: $"{which}"),
        ])), perBatch: 5);

        (await RowsAsync("SELECT emitter, handle FROM stays WHERE ended IS NOT NULL ORDER BY handle"))
            .Should().Equal(s_names.Select((_, i) => $"{i} | {i + 1}"));
        for (var i = 0; i < s_names.Length; i++)
        {
            var read = await host.ReadAsync(new EventQuery { Room = s_names[i], Emitter = "3" });
            read.OfType<MediaStatsEvent>().Select(e => e.PacketsReceived).Should().Equal([i + 1], "{0}", i);
            read.OfType<PluginEvent>().Should().HaveCount(i == 3 ? 2 : 1);
        }
    }

    [Fact]
    public async Task Only_the_server_of_that_name_ends_its_stays_subscriptions_and_calls()
    {
        var host = await StartHostAsync();
        await host.WriteAllAsync(s_names.Select((name, i) =>
        {
            var server = Bodies.Text(name)[1..^1];
            return Bodies.Of(
                VideoRoom(1, "joined", "1", "5", 1, emitter: server),
                VideoRoom(1, "published", "1", "5", 1, emitter: server),
                VideoRoom(1, "subscribing", "1", null, 2, ",\"feed\":6,\"private_id\":0", emitter: server),
                Plugin("sip", 1, """{"event":"calling","callee":"sip:x","call-id":"c"}""", 3, server),
                Server(i + 2, "shutdown", server));
        }), perBatch: 5);

        foreach (var (view, each) in new[] { ("stays", 3), ("publishers", 1), ("subscriptions", 1), ("calls", 1) })
        {
            (await RowsAsync($"SELECT ended, COUNT(*) FROM {view} GROUP BY ended ORDER BY ended"))
                .Should().Equal(s_names.Select((_, i) => $"{i + 2} | {each}"), view);
        }
    }

    [Fact]
    public async Task Only_the_publisher_of_that_name_is_unsubscribed_from_and_ends_its_subscriptions()
    {
        var host = await StartHostAsync();
        await host.WriteAllAsync(s_names.Select((name, which) => Bodies.Of([
            .. s_names.Select((peer, i) => VideoRoom(1, "subscribing", $"{which + 1}", null, (which * 100) + i + 1, $",\"feed\":{Bodies.Text(peer)},\"private_id\":0")),
            .. s_names.Select((peer, i) => VideoRoom(1, "subscribing", $"{which + 1}", null, 10_000 + which, $",\"streams\":[{string.Join(',', s_names.Select(n => $"{{\"feed_id\":{Bodies.Text(n)}}}"))}]")).Take(1),
            VideoRoom(2, "unpublished", $"{which + 1}", Bodies.Text(name)),
            VideoRoom(3, "unsubscribed", $"{which + 1}", null, 10_000 + which, $",\"feed\":{Bodies.Text(s_names[(which + 1) % s_names.Length])}"),
            VideoRoom(4, "updated", $"{which + 1}", null, 10_000 + which, $",\"streams\":[{{\"feed_id\":{Bodies.Text(s_names[(which + 2) % s_names.Length])}}}]"),
        ])), perBatch: 5);

        (await RowsAsync("SELECT handle FROM subscriptions WHERE ended IS NOT NULL AND handle < 10000 ORDER BY handle"))
            .Should().Equal(s_names.Select((_, i) => $"{(i * 100) + i + 1}"));
        (await RowsAsync("SELECT handle, COUNT(*) FROM subscriptions WHERE ended IS NULL AND handle >= 10000 GROUP BY handle ORDER BY handle"))
            .Should().Equal(s_names.Select((_, i) => $"{10_000 + i} | 1"));
        foreach (var (second, count) in new[] { (2, 1), (3, 1), (4, s_names.Length - 3) })
        {
            (await RowsAsync("SELECT handle, ended FROM subscriptions WHERE handle >= 10000"))
                .Count(row => row.EndsWith($" | {second}", StringComparison.Ordinal)).Should().Be(count * s_names.Length);
        }
    }

    [Fact]
    public async Task Who_comes_back_under_a_name_that_only_looks_the_same_is_somebody_else()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of([.. s_names.Select((name, i) => VideoRoom(i + 1, "joined", "1", Bodies.Text(name), 11))]));

        (await RowsAsync("SELECT began, ended FROM stays ORDER BY began")).Should().Equal(
            s_names.Select((_, i) => $"{i + 1} | {(i + 1 == s_names.Length ? "-" : $"{i + 2}")}"));
    }

    [Fact]
    public async Task Facts_that_are_made_again_keep_names_apart_as_well()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of([
            .. s_names.Select((name, i) => VideoRoom(1, "joined", "1", Bodies.Text(name), i + 1, opaqueId: name)),
            .. s_names.Where((_, i) => i % 2 == 0).Select(name => VideoRoom(2, "leaving", "1", Bodies.Text(name))),
        ]));
        await Store.QueryAsync("DELETE FROM facts");

        await host.RoomFacts.RebuildAsync();

        (await RowsAsync("SELECT handle FROM stays WHERE ended IS NOT NULL ORDER BY handle"))
            .Should().Equal(Enumerable.Range(0, s_names.Length).Where(i => i % 2 == 0).Select(i => $"{i + 1}"));
    }

    [Fact]
    public async Task Names_of_any_length_are_kept_apart_where_one_has_a_NUL_or_looks_like_one_that_was_cut()
    {
        var longName = new string('\u4E2D', 300);
        var stored = $"{longName[..120]}…{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(longName)))}";
        string[] names = [longName, stored, new string('\u4E2D', 180) + "\0a", new string('\u4E2D', 180) + "\0b", new string('\u4E2D', 190)];
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of([.. names.SelectMany((name, i) => new[]
        {
            VideoRoom(1, "joined", Bodies.Text(name), Bodies.Text(name), i + 1),
            VideoRoom(i + 2, "leaving", Bodies.Text(name), Bodies.Text(name)),
        })]));

        (await RowsAsync("SELECT handle, ended FROM stays ORDER BY handle")).Should().Equal(names.Select((_, i) => $"{i + 1} | {i + 2}"));
        foreach (var name in names)
            (await host.ReadAsync(new EventQuery { Room = name })).Should().HaveCount(2);
    }

    [Fact]
    public async Task The_questions_of_the_docs_tell_a_name_from_one_with_a_blank_at_its_end()
    {
        const string Ask = "SELECT participant, began FROM stays";
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of([.. new[] { "1234", "1234 " }.SelectMany((room, i) => new[] { "ann", "ann " }.Select((opaque, k) =>
            VideoRoom((4 * i) + k + 1, "joined", Bodies.Text(room), $"{i + 1}{k}", 1 + (2 * i) + k, opaqueId: opaque)))]));
        (await RowsAsync(Ask)).Should().HaveCount(4);

        var questions = Regex.Matches(await File.ReadAllTextAsync(Repository.PathOf("docs", "rooms.md")), "```sql\n(.*?)```", RegexOptions.Singleline)
            .Select(m => m.Groups[1].Value).ToList();

        (await Store.QueryAsync(questions[0])).Should().HaveCount(2, "of room 1234");
        (await Store.QueryAsync(questions[2])).Should().HaveCount(2, "of the opaque id ann");
    }

    [Fact]
    public async Task Statistics_of_a_server_with_a_blank_more_are_not_those_of_the_room()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(
            VideoRoom(1, "joined", "1234", "1", 11),
            Stats(2, 11, 1),
            Stats(2, 11, 2, "one "),
            Stats(2, 11, 3, "One")));

        var question = Regex.Matches(await File.ReadAllTextAsync(Repository.PathOf("docs", "rooms.md")), "```sql\n(.*?)```", RegexOptions.Singleline)[1].Groups[1].Value;

        (await Store.QueryAsync(question)).Should().ContainSingle().Which.Should().Contain("1");
        (await host.ReadAsync(new EventQuery { Room = "1234" })).OfType<MediaStatsEvent>().Should().ContainSingle();
    }

    [Fact]
    public async Task Views_of_an_older_version_are_replaced_and_those_of_somebody_else_stay()
    {
        await using (var first = await StartHostAsync())
            await first.WriteAsync(Bodies.Of(VideoRoom(1, "joined", "1", "5", 11), VideoRoom(2, "leaving", "1", "5")));
        await Store.QueryAsync("DELETE FROM versions WHERE name = 'views'");
        await Store.QueryAsync("DROP VIEW stays");
        await Store.QueryAsync(
            "CREATE VIEW stays AS SELECT emitter, plugin, room, participant, display, session, handle, opaque_id, timestamp AS began, timestamp AS ended FROM facts");
        await Store.QueryAsync("DROP VIEW publishers");
        await Store.QueryAsync("CREATE VIEW publishers AS SELECT 7 AS book, 8 AS house");
        await Store.QueryAsync("DROP VIEW subscriptions");
        await Store.QueryAsync("CREATE TABLE subscriptions (magazine INT)");
        await Store.QueryAsync("DROP VIEW calls");

        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(VideoRoom(3, "joined", "1", "6", 12)));

        (await RowsAsync("SELECT participant, began, ended FROM stays ORDER BY began")).Should().Equal("5 | 1 | 2", "6 | 3 | -");
        (await RowsAsync("SELECT * FROM publishers")).Should().Equal("7 | 8");
        (await RowsAsync("SELECT * FROM subscriptions")).Should().BeEmpty();
        (await RowsAsync("SELECT * FROM calls")).Should().BeEmpty();
        (await ColumnAsync("SELECT version FROM versions WHERE name = 'views'")).Should().ContainSingle().Which.Should().NotBe("0");
    }

    [Fact]
    public async Task Views_of_a_newer_version_stay()
    {
        await using (var first = await StartHostAsync())
            await first.WriteAsync(Bodies.Of(VideoRoom(1, "joined", "1", "5", 11)));
        await Store.QueryAsync("UPDATE versions SET version = 1000000 WHERE name = 'views'");
        await Store.QueryAsync("DROP VIEW stays");
        await Store.QueryAsync(
            "CREATE VIEW stays AS SELECT 'newer' AS emitter, plugin, room, participant, display, session, handle, opaque_id, timestamp AS began, timestamp AS ended FROM facts");

        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(VideoRoom(3, "joined", "1", "6", 12)));

        (await ColumnAsync("SELECT emitter FROM stays")).Should().Equal("newer", "newer");
        (await ColumnAsync("SELECT version FROM versions WHERE name = 'views'")).Should().Equal("1000000");
    }

    [Fact]
    public async Task Views_of_an_older_version_are_replaced_by_the_upgrade_and_by_its_script()
    {
        await using (var first = await StartHostAsync())
            await first.WriteAsync(Bodies.Of(VideoRoom(1, "joined", "1", "5", 11), VideoRoom(2, "leaving", "1", "5")));
        await using var host = await StartHostAsync();
        (await host.Schema.UpgradeScriptAsync()).Should().Contain("Nothing to do");
        await MakeOldAsync();

        var statements = Regex.Replace(await host.Schema.UpgradeScriptAsync(), "^--.*\n", "", RegexOptions.Multiline).Split(";\n", StringSplitOptions.RemoveEmptyEntries);
        foreach (var statement in statements)
            await Store.QueryAsync(statement);
        (await RowsAsync("SELECT began, ended FROM stays")).Should().Equal("1 | 2");

        await MakeOldAsync();
        await host.Schema.UpgradeAsync();
        (await RowsAsync("SELECT began, ended FROM stays")).Should().Equal("1 | 2");

        async Task MakeOldAsync()
        {
            await Store.QueryAsync("DELETE FROM versions WHERE name = 'views'");
            await Store.QueryAsync("DROP VIEW stays");
            await Store.QueryAsync(
                "CREATE VIEW stays AS SELECT emitter, plugin, room, participant, display, session, handle, opaque_id, timestamp AS began, timestamp AS ended FROM facts");
        }
    }

    private async Task<List<string>> RowsAsync(string sql) =>
        [.. (await Store.QueryAsync(sql)).Select(row => string.Join(" | ", row.Select(v => v is null ? "-" : SecondOf(v) ?? v)))];
}
