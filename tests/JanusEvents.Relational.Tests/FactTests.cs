using System.Globalization;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.Logging;
using static JanusEvents.Relational.Tests.Hosting.RoomEvents;

namespace JanusEvents.Relational.Tests;

/// <summary>Who was in which room, from when to when.</summary>
public abstract class FactTests(TestStores stores) : StoreTests(stores)
{
    [Fact]
    public async Task A_stay_ends_when_the_participant_leaves_and_is_open_until_then()
    {
        await StoreAsync(
            VideoRoom(1, "joined", "1234", "1", 11, ",\"display\":\"Ann\"", opaqueId: "ann"),
            VideoRoom(2, "joined", "1234", "2", 12),
            VideoRoom(5, "leaving", "1234", "1"));

        (await RowsAsync("SELECT emitter, plugin, room, participant, display, session, handle, opaque_id, began, ended FROM stays WHERE room = '1234' ORDER BY began"))
            .Should().Equal(
            "one | janus.plugin.videoroom | 1234 | 1 | Ann | 1100 | 11 | ann | 1 | 5",
            "one | janus.plugin.videoroom | 1234 | 2 | - | 1200 | 12 | - | 2 | -");
    }

    /// <summary>Whatever ends the stay of participant 1, who joined with handle 11 in second 1, in second 5.</summary>
    private static readonly (string How, string Event)[] s_ends =
    [
        ("leaving", VideoRoom(5, "leaving", "1234", "1")),
        ("kicked by another handle", VideoRoom(5, "kicked", "1234", "1", 99)),
        ("kicked", VideoRoom(5, "kicked", "1234", "1")),
        ("room destroyed", VideoRoom(5, "destroyed", "1234", handle: 99)),
        ("handle detached", Handle(5, "detached", 11)),
        ("handle detached without plugin", Handle(5, "detached", 11).Replace(",\"plugin\":\"janus.plugin.videoroom\"", "")),
        ("session destroyed", RoomEvents.Session(5, "destroyed", 11)),
        ("session timeout", RoomEvents.Session(5, "timeout", 11)),
        ("server shutdown", Server(5, "shutdown")),
        ("server started anew", Server(5, "started")),
        ("joined another room", VideoRoom(5, "joined", "77", "3", 11)),
    ];

    [Fact]
    public async Task A_stay_ends_with_whatever_ends_it()
    {
        // The end arrives before the beginning and a second time after it, others later; each on a server of its own.
        await StoreAsync([.. s_ends.SelectMany(end => new[]
        {
            end.Event,
            VideoRoom(1, "joined", "1234", "1", 11),
            VideoRoom(1, "joined", "1234", "1", 11),
            VideoRoom(9, "leaving", "1234", "1"),
            end.Event,
            Handle(10, "detached", 11),
        }.Select(e => OnServer(e, end.How)))]);

        (await RowsAsync("SELECT emitter, began, ended FROM stays WHERE room = '1234'"))
            .Should().BeEquivalentTo(s_ends.Select(end => $"{end.How} | 1 | 5"));
    }

    /// <summary>What is no end of the stay of participant 1 with handle 11 in room 1234 of server "one".</summary>
    private static readonly (string What, string Event)[] s_noEnds =
    [
        ("another participant", VideoRoom(5, "leaving", "1234", "2")),
        ("another room", VideoRoom(5, "leaving", "1235", "1")),
        ("another server", VideoRoom(5, "leaving", "1234", "1", emitter: "two")),
        ("another plugin", Plugin("audiobridge", 5, """{"event":"left","room":1234,"id":1}""")),
        ("another plugin's room", Plugin("audiobridge", 5, """{"event":"destroyed","room":1234}""")),
        ("another handle", Handle(5, "detached", 12)),
        ("the same handle of another server", Handle(5, "detached", 11, emitter: "two")),
        ("the same session of another server", RoomEvents.Session(5, "destroyed", 11, "two")),
        ("another server starts", Server(5, "started", "two")),
        ("counters", Server(5, "update")),
        ("a PeerConnection ends", Connection(5, "hangup", 11)),
        ("earlier", VideoRoom(0.5, "leaving", "1234", "1")),
        ("kicks another", VideoRoom(5, "kicked", "1234", "2", 11)),
        ("unpublished", VideoRoom(5, "unpublished", "1234", "1")),
        ("no object", Plugin("videoroom", 5, "[1]", 11)),
        ("wrong forms", Plugin("videoroom", 5, """{"event":"leaving","room":{"a":[1]},"id":[1],"streams":7,"private_id":"x"}""", 11)),
        ("no room", Plugin("videoroom", 5, """{"event":"leaving","id":1}""")),
        ("a lone surrogate", Plugin("videoroom", 5, "{\"event\":\"leaving\",\"room\":\"\\ud800\",\"id\":1}")),
        ("no word", Plugin("videoroom", 5, """{"room":1234,"id":1}""", 11)),
    ];

    [Fact]
    public async Task A_stay_does_not_end_with_anything_else()
    {
        await StoreAsync([.. s_noEnds.SelectMany(noEnd => new[] { VideoRoom(1, "joined", "1234", "1", 11), noEnd.Event }
            .Select(e => OnServer(e, noEnd.What)))]);

        (await RowsAsync("SELECT emitter, began, ended FROM stays WHERE room = '1234'"))
            .Should().BeEquivalentTo(s_noEnds.Select(noEnd => $"{noEnd.What} | 1 | -"));
        (await CountAsync("rejected")).Should().Be(0);
    }

    [Fact]
    public async Task A_handle_that_goes_from_room_to_room_has_a_stay_in_each()
    {
        await StoreAsync(
            VideoRoom(1, "joined", "1", "5", 11),
            VideoRoom(2, "leaving", "1", "5"),
            VideoRoom(3, "joined", "\"two\"", "5", 11),
            VideoRoom(4, "leaving", "\"two\"", "5"),
            VideoRoom(4.1, "leaving", "\"two\"", "5"),
            VideoRoom(5, "joined", "\"1\"", "5", 11),
            VideoRoom(5.5, "joined", "1", "5", 11));

        (await RowsAsync("SELECT room, began, ended FROM stays ORDER BY began")).Should().Equal(
            "1 | 1 | 2",
            "two | 3 | 4",
            "1 | 5 | -");
    }

    [Fact]
    public async Task Servers_with_the_same_ids_are_kept_apart()
    {
        await StoreAsync(
            VideoRoom(1, "joined", "1", "5", 11, emitter: "one"),
            VideoRoom(1, "joined", "1", "5", 11, emitter: "two"),
            VideoRoom(3, "leaving", "1", "5", emitter: "two"));

        (await RowsAsync("SELECT emitter, ended FROM stays ORDER BY emitter")).Should().Equal(
            "one | -",
            "two | 3");
    }

    [Fact]
    public async Task A_server_without_a_name_is_one_of_its_own()
    {
        const string Emitter = "\"emitter\":\"one\",";
        await StoreAsync(
            VideoRoom(1, "joined", "1", "5", 11).Replace(Emitter, ""),
            VideoRoom(1, "joined", "1", "5", 11),
            VideoRoom(3, "leaving", "1", "5").Replace(Emitter, ""));

        (await RowsAsync("SELECT emitter, ended FROM stays ORDER BY emitter")).Should().Equal(
            "- | 3",
            "one | -");
    }

    [Fact]
    public async Task Long_names_are_kept_apart()
    {
        var room = new string('r', 500) + "\U0001F600";
        await StoreAsync(
            VideoRoom(1, "joined", $"\"{room}a\"", $"\"{room}\"", 11, opaqueId: room),
            VideoRoom(1, "joined", $"\"{room}b\"", $"\"{room}\"", 12, opaqueId: room),
            VideoRoom(3, "leaving", $"\"{room}a\"", $"\"{room}\""));

        (await RowsAsync("SELECT handle, ended FROM stays ORDER BY handle")).Should().Equal(
            "11 | 3",
            "12 | -");
    }

    [Fact]
    public async Task A_participant_of_the_TextRoom_is_in_several_rooms()
    {
        await StoreAsync(
            Plugin("textroom", 1, """{"event":"join","room":1,"username":"ann","display":"Ann"}""", 11),
            Plugin("textroom", 2, """{"event":"join","room":2,"username":"ann"}""", 11),
            Plugin("textroom", 3, """{"event":"join","room":1,"username":"ben"}""", 12),
            Plugin("textroom", 4, """{"textroom":"kicked","room":1,"username":"ben"}""", 11),
            Plugin("textroom", 5, """{"event":"leave","room":1,"username":"ann"}""", 11),
            Handle(6, "detached", 11, "textroom"));

        (await RowsAsync("SELECT room, participant, began, ended FROM stays ORDER BY began")).Should().Equal(
            "1 | ann | 1 | 5",
            "2 | ann | 2 | 6",
            "1 | ben | 3 | 4");
    }

    [Fact]
    public async Task Who_published_from_when_to_when()
    {
        await StoreAsync(
            VideoRoom(1, "joined", "1", "5", 11),
            VideoRoom(2, "published", "1", "5", 11, ",\"display\":\"Ann\",\"streams\":[]"),
            VideoRoom(3, "unpublished", "1", "5"),
            VideoRoom(3.001, "unpublished", "1", "5"),
            VideoRoom(4, "published", "1", "5", 11),
            VideoRoom(4, "published", "1", "6", 12),
            VideoRoom(4, "published", "1", "7", 13),
            VideoRoom(5, "leaving", "1", "5"),
            Connection(6, "hangup", 12));

        (await RowsAsync("SELECT participant, display, began, ended FROM publishers WHERE room = '1' ORDER BY began, participant"))
            .Should().Equal(
            "5 | Ann | 2 | 3",
            "5 | - | 4 | 5",
            "6 | - | 4 | 6",
            "7 | - | 4 | -");
    }

    [Fact]
    public async Task Who_subscribed_to_whom_from_when_to_when()
    {
        const string TwoFeeds = """,{"type":"audio","mid":"1","feed_id":6,"feed_display":"Bob"},{"type":"video","mid":"2","feed_id":6},{"type":"data","mid":"3","source_ids":[7,"8"]}""";
        await StoreAsync(
            VideoRoom(1, "joined", "1", "5", 11, ",\"display\":\"Ann\",\"private_id\":500"),

            // Of several publishers.
            VideoRoom(2, "subscribing", "1", null, 21, $",\"private_id\":500,\"streams\":[7{TwoFeeds}]"),
            Plugin("videoroom", 2.5, """{"event":"subscribed","room":1}""", 21),
            VideoRoom(3, "updated", "1", null, 21, ",\"private_id\":500,\"streams\":[{\"feed_id\":6},{\"feed_id\":9},{\"type\":\"audio\"}]"),

            // Reported on the handle of the publisher that went.
            VideoRoom(4, "updated", "1", null, 11, ",\"private_id\":500,\"streams\":[{\"feed_id\":9}]"),
            VideoRoom(4, "unpublished", "1", "6"),

            // As before multistream.
            VideoRoom(5, "subscribing", "1", null, 22, ",\"feed\":6,\"private_id\":0"),
            VideoRoom(5.1, "subscribed", "1", null, 22, ",\"feed\":6"),
            VideoRoom(6, "switched", "1", null, 22, ",\"feed\":7"),
            VideoRoom(7, "unsubscribed", "1", null, 22, ",\"feed\":7"),
            VideoRoom(8, "subscribing", "1", null, 23, ",\"feed\":7"),
            Connection(9, "hangup", 23));

        (await RowsAsync("SELECT handle, participant, display, publisher, publisher_display, began, ended FROM subscriptions ORDER BY began, publisher"))
            .Should().Equal(
            "21 | 5 | Ann | 6 | Bob | 2 | 4",
            "21 | 5 | Ann | 7 | - | 2 | 3",
            "21 | 5 | Ann | 8 | - | 2 | 3",
            "21 | 5 | Ann | 9 | - | 3 | -",
            "22 | - | - | 6 | - | 5 | 6",
            "22 | - | - | 7 | - | 6 | 7",
            "23 | - | - | 7 | - | 8 | 9");
        (await RowsAsync("SELECT handle, began, ended FROM stays WHERE participant IS NULL ORDER BY began")).Should().Equal(
            "21 | 2 | -",
            "22 | 5 | -",
            "23 | 8 | 9");
    }

    [Fact]
    public async Task Who_watched_which_mountpoint()
    {
        await StoreAsync(
            Plugin("streaming", 1, """{"status":"starting","id":1}""", 11),
            Plugin("streaming", 1.5, """{"status":"started","id":1}""", 11),
            Plugin("streaming", 2, """{"status":"pausing","id":1}""", 11),
            Plugin("streaming", 3, """{"status":"starting","id":1}""", 11),
            Plugin("streaming", 4, """{"status":"switching","id":2}""", 11),
            Plugin("streaming", 5, """{"status":"stopping"}""", 11),
            Plugin("streaming", 6, """{"status":"starting","id":2}""", 12),
            Plugin("streaming", 7, """{"event":"kicked_all","id":2}""", 99),
            Plugin("streaming", 8, """{"status":"starting","id":2}""", 13),
            Connection(9, "hangup", 13));

        (await RowsAsync("SELECT room, handle, began, ended FROM stays ORDER BY began")).Should().Equal(
            "1 | 11 | 1 | 4",
            "2 | 11 | 4 | 5",
            "2 | 12 | 6 | 7",
            "2 | 13 | 8 | 9");
    }

    [Fact]
    public async Task Who_called_whom()
    {
        await StoreAsync(
            Plugin("sip", 0, """{"event":"registered","identity":"sip:ann@example.org"}""", 11),
            Plugin("sip", 1, """{"event":"calling","callee":"sip:ben@example.org","call-id":"c1","sdp":"v=0"}""", 11),
            Plugin("sip", 1.1, """{"event":"incomingcall","call-id":"c1","username":"sip:ann@example.org","displayname":"Ann"}""", 12),
            Plugin("sip", 2, """{"event":"accepted","call-id":"c1"}""", 12),
            Plugin("sip", 2.1, """{"event":"accepted","call-id":"c1","username":"sip:ben@example.org"}""", 11),
            Plugin("sip", 2.2, """{"event":"sip-in","sip":"OPTIONS"}""", 11),
            Plugin("sip", 3, """{"event":"hangup","code":200,"call-id":"c1"}""", 12),
            Plugin("sip", 3.1, """{"event":"hangup","code":200}""", 11),
            Plugin("sip", 4, """{"event":"calling","callee":"sip:carol@example.org","call-id":"c2"}""", 11),
            Plugin("sip", 5, """{"event":"declined","callee":"sip:carol@example.org","code":486}""", 11),
            Plugin("videocall", 6, """{"event":"registered","username":"dora"}""", 14),
            Plugin("videocall", 7, """{"event":"calling"}""", 14),
            Plugin("videocall", 8, """{"event":"accepted"}""", 15),
            Plugin("videocall", 9, """{"event":"hangup","reason":"User busy"}""", 14),
            Plugin("nosip", 10, """{"event":"generated","type":"offer","sdp":"v=0","unique_id":"u1"}""", 16),
            Plugin("nosip", 10.5, """{"event":"processed","type":"answer","sdp":"v=0","unique_id":"u1"}""", 16),
            Handle(11, "detached", 16, "nosip"));

        (await RowsAsync("SELECT handle, call_id, username, peer, display, event, began, accepted, ended FROM calls ORDER BY began"))
            .Should().Equal(
            "11 | c1 | sip:ann@example.org | sip:ben@example.org | - | calling | 1 | 2.1 | 3.1",
            "12 | c1 | - | sip:ann@example.org | Ann | incomingcall | 1.1 | 2 | 3",
            "11 | c2 | sip:ann@example.org | sip:carol@example.org | - | calling | 4 | - | 5",
            "14 | - | dora | - | - | calling | 7 | - | 9",
            "15 | - | - | - | - | accepted | 8 | 8 | -",
            "16 | u1 | - | - | - | generated | 10 | - | 11");
    }

    /// <summary>
    /// What the recorded streams say, found out by looking at them: room, participant, display, and the numbers of the events
    /// that begin and end the stay.
    /// </summary>
    public static TheoryData<string, string[]> Recorded => new()
    {
        {
            "03-videoroom",
            [
                "1234567890123 1244883173153352 Alice 19-962",
                "1234567890123 3945799569450897 Bob Ünïcödé 😀 36-842",
                "1234567890123 6978318287626677 Carol \"quoted\" <b> 60-912",
                "1234567890123   82-1091", "1234567890123   110-1091", "1234567890123   128-1091", "1234567890123   160-1091",
                "1234567890123   181-912", "1234567890123   209-912",
            ]
        },
        {
            "05-audiobridge",
            ["1234 7493929892225426 ann ünï 11-97", "1234 2840004734512852 ben ünï 36-78", "555 2331817528951148 moved 79-90"]
        },
        { "05-textroom", ["1234 ann Ann 😀 48-65", "1234 ben Ben 49-64", "4242 ben Ben in two rooms 50-69"] },
        { "05-streaming", ["2   19-45", "3   65-78", "1   98-114", "99   114-124"] },
        { "05-videocall", ["   23-96", "   38-95"] },
        { "05-recordplay", ["454371136513235   15-45", "454371136513235   59-99"] },
    };

    [Theory]
    [MemberData(nameof(Recorded))]
    public async Task What_a_real_Janus_sent_gives_the_stays_that_there_were(string capture, string[] expected)
    {
        var host = await StartHostAsync();
        var bodies = Bodies.OfCapture(capture).ToList();
        await host.WriteAllAsync(bodies, perBatch: 20);

        // The number of an event in its capture by its time.
        Dictionary<string, int> numbers = [];
        foreach (var (e, i) in bodies.SelectMany(b => b.Events).Select((e, i) => (e, i)))
            numbers.TryAdd(e.Timestamp!.Value.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture), i + 1);

        var stays = await Store.QueryAsync("SELECT room, participant, display, began, ended FROM stays ORDER BY began");

        stays.Select(s => $"{s[0]} {s[1]} {s[2]} {numbers[s[3]!]}-{(s[4] is null ? "" : numbers[s[4]!])}").Should().Equal(expected);
        host.Log.From(LogLevel.Warning).Should().BeEmpty();
    }

    [Fact]
    public async Task Subscriptions_of_a_real_call()
    {
        var host = await StartHostAsync();
        await host.WriteAllAsync(Bodies.OfCapture("03-videoroom"), perBatch: 50);

        (await RowsAsync("SELECT display, publisher_display FROM subscriptions WHERE room = '1234567890123' AND ended IS NOT NULL ORDER BY began"))
            .Select(r => $"{r[..3]} {r.Split(" | ")[1][..3]}").Should().Equal("Ali Bob", "Ali Car", "Bob Ali", "Bob Car", "Car Ali", "Car Bob");
        (await RowsAsync("SELECT display FROM publishers ORDER BY began")).Select(r => r[..3]).Should().Equal("Ali", "Bob", "Car");
    }

    private async Task StoreAsync(params string[] events)
    {
        var host = await StartHostAsync();

        // One body each: the same event twice is the same body twice otherwise.
        var i = 0;
        await host.WriteAllAsync(events.Select(e => Bodies.OfText(new string(' ', i++) + e)), perBatch: 3);
        host.Log.From(LogLevel.Warning).Should().BeEmpty();
    }

    private static string OnServer(string e, string server) => e.Replace("\"emitter\":\"one\"", $"\"emitter\":\"{server}\"");

    /// <summary>Rows as text, with a time as the seconds of its day.</summary>
    private async Task<IEnumerable<string>> RowsAsync(string sql) =>
        (await Store.QueryAsync(sql)).Select(row => string.Join(" | ", row.Select(v => v is null ? "-" : SecondOf(v) ?? v)));
}
