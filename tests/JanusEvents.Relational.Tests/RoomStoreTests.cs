using System.Globalization;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using static JanusEvents.Relational.Tests.Hosting.RoomEvents;

namespace JanusEvents.Relational.Tests;

/// <summary>What <see cref="IRoomStore"/> reads of rooms and calls.</summary>
public abstract class RoomStoreTests(TestStores stores) : StoreTests(stores)
{
    private static readonly DateTimeOffset s_day = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The columns of each view, in the order in which <see cref="TextOf"/> writes an interval.</summary>
    private static readonly (string View, string Columns)[] s_views =
    [
        ("stays", "emitter, plugin, room, participant, display, session, handle, opaque_id, began, ended"),
        ("publishers", "emitter, plugin, room, participant, display, session, handle, opaque_id, began, ended"),
        ("subscriptions", "emitter, plugin, room, participant, display, publisher, publisher_display, session, handle, opaque_id, began, ended"),
        ("calls", "emitter, plugin, call_id, username, peer, display, event, session, handle, opaque_id, began, accepted, ended"),
    ];

    private static readonly string[] s_events =
    [
        VideoRoom(1, "joined", "1", "5", 11, ",\"display\":\"Ann\",\"private_id\":500", opaqueId: "ann"),
        VideoRoom(2, "joined", "1", "6", 12, ",\"display\":\"Ben\"", opaqueId: "ben"),
        VideoRoom(3, "published", "1", "6", 12),
        VideoRoom(4, "subscribing", "1", null, 21, ",\"private_id\":500,\"streams\":[{\"feed_id\":6,\"feed_display\":\"Ben\"}]", opaqueId: "ann"),
        VideoRoom(5, "joined", "\"1 \"", "5", 13, emitter: "two"),
        Plugin("audiobridge", 6, """{"event":"joined","room":1,"id":4,"display":"Carl"}""", 14, opaqueId: "ann"),
        VideoRoom(7, "leaving", "1", "6", 12),
        VideoRoom(8, "joined", "1", "6", 12, ",\"display\":\"Ben\"", opaqueId: "ben"),
        Plugin("sip", 9, """{"event":"registered","identity":"sip:ann@example.org"}""", 31),
        Plugin("sip", 10, """{"event":"calling","callee":"sip:ben@example.org","call-id":"c1","sdp":"v=0"}""", 31),
        Plugin("sip", 11, """{"event":"accepted","call-id":"c1"}""", 31),
        Plugin("sip", 12, """{"event":"hangup","code":200,"call-id":"c1"}""", 31),
        Plugin("videocall", 13, """{"event":"calling"}""", 32),
    ];

    [Theory]
    [InlineData("03-videoroom")]
    [InlineData("05-audiobridge")]
    [InlineData("05-textroom")]
    [InlineData("05-streaming")]
    [InlineData("05-videocall")]
    [InlineData("05-recordplay")]
    public async Task It_reads_what_the_views_give(string capture)
    {
        var host = await StartHostAsync();
        await host.WriteAllAsync(Bodies.OfCapture(capture), perBatch: 50);
        await host.WriteAsync(Bodies.Of(s_events));

        foreach (var (view, columns) in s_views)
        {
            var expected = (await Store.QueryAsync($"SELECT {columns} FROM {view} ORDER BY began")).Select(row => string.Join(" | ", row.Select(v => v ?? "-")));
            var read = await ReadAsync(host, view, new RoomQuery());
            read.Select(TextOf).Should().BeEquivalentTo(expected, view);
            read.Should().BeInAscendingOrder(i => i.Began).And.NotBeEmpty();
            read.Should().OnlyContain(i => i.Began.Offset == TimeSpan.Zero);
            (await ReadAsync(host, view, new RoomQuery { Order = EventOrder.NewestFirst })).Should().Equal(Enumerable.Reverse(read), view);
        }
    }

    [Fact]
    public async Task Each_condition_leaves_out_what_it_says()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(s_events));

        (await SecondsAsync("stays", new RoomQuery())).Should().Equal(1, 2, 4, 5, 6, 8, 10, 13);
        (await SecondsAsync("stays", new RoomQuery { Room = "1" })).Should().Equal(1, 2, 4, 6, 8);
        (await SecondsAsync("stays", new RoomQuery { Room = "1 " })).Should().Equal(5);
        (await SecondsAsync("stays", new RoomQuery { Room = "c1" })).Should().Equal(10);
        (await SecondsAsync("stays", new RoomQuery { Room = "" })).Should().BeEmpty();
        (await SecondsAsync("stays", new RoomQuery { Room = new string('1', 400) })).Should().BeEmpty();
        (await SecondsAsync("stays", new RoomQuery { Room = "' OR '1'='1" })).Should().BeEmpty();
        (await SecondsAsync("stays", new RoomQuery { Room = "1", Plugin = "janus.plugin.audiobridge" })).Should().Equal(6);
        (await SecondsAsync("stays", new RoomQuery { Emitter = "two" })).Should().Equal(5);
        (await SecondsAsync("stays", new RoomQuery { Emitter = "two " })).Should().BeEmpty();
        (await SecondsAsync("stays", new RoomQuery { Participant = "6" })).Should().Equal(2, 8);
        (await SecondsAsync("stays", new RoomQuery { OpaqueId = "ann" })).Should().Equal(1, 4, 6);
        (await SecondsAsync("stays", new RoomQuery { OpaqueId = "Ann" })).Should().BeEmpty();
        (await SecondsAsync("stays", new RoomQuery { SessionId = 1200 })).Should().Equal(2, 8);
        (await SecondsAsync("stays", new RoomQuery { SessionId = 1200, HandleId = 11 })).Should().BeEmpty();
        (await SecondsAsync("stays", new RoomQuery { HandleId = 21 })).Should().Equal(4);
        (await SecondsAsync("stays", new RoomQuery { OnlyOpen = true })).Should().Equal(1, 4, 5, 6, 8, 13);
        (await SecondsAsync("stays", new RoomQuery { To = s_day.AddSeconds(5) })).Should().Equal(1, 2, 4);
        (await SecondsAsync("stays", new RoomQuery { From = s_day.AddSeconds(7) })).Should().Equal(1, 2, 4, 5, 6, 8, 10, 13);
        (await SecondsAsync("stays", new RoomQuery { From = s_day.AddSeconds(8), To = s_day.AddSeconds(9).ToOffset(TimeSpan.FromHours(2)) }))
            .Should().Equal(1, 4, 5, 6, 8);
        (await SecondsAsync("stays", new RoomQuery { Limit = 3 })).Should().Equal(1, 2, 4);
        (await SecondsAsync("stays", new RoomQuery { Limit = 3, Order = EventOrder.NewestFirst })).Should().Equal(13, 10, 8);
        (await SecondsAsync("stays", new RoomQuery { Room = "1", OnlyOpen = true, Limit = 1, Order = EventOrder.NewestFirst })).Should().Equal(8);

        (await SecondsAsync("publishers", new RoomQuery { Room = "1", Participant = "6" })).Should().Equal(3);
        (await SecondsAsync("publishers", new RoomQuery { Participant = "5" })).Should().BeEmpty();
        (await SecondsAsync("subscriptions", new RoomQuery { Room = "1", Participant = "5", OpaqueId = "ann", SessionId = 2100 })).Should().Equal(4);
        (await SecondsAsync("subscriptions", new RoomQuery { Participant = "6" })).Should().BeEmpty();
        (await SecondsAsync("subscriptions", new RoomQuery { OnlyOpen = true })).Should().BeEmpty();
        (await SecondsAsync("calls", new RoomQuery { Room = "c1", Participant = "sip:ann@example.org" })).Should().Equal(10);
        (await SecondsAsync("calls", new RoomQuery { OnlyOpen = true })).Should().Equal(13);
        (await SecondsAsync("calls", new RoomQuery { Participant = "dora" })).Should().BeEmpty();

        async Task<IEnumerable<double>> SecondsAsync(string what, RoomQuery query) =>
            (await ReadAsync(host, what, query)).Select(i => (i.Began - s_day).TotalSeconds);
    }

    [Fact]
    public async Task Records_have_what_happened()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(s_events));
        var rooms = host.Services.GetRequiredService<IRoomStore>();

        (await rooms.ReadStaysAsync(new RoomQuery { Participant = "6", OnlyOpen = false, Limit = 1 }).SingleAsync()).Should().Be(new RoomStay
        {
            Emitter = "one", Plugin = "janus.plugin.videoroom", Room = "1", Participant = "6", Display = "Ben", SessionId = 1200, HandleId = 12,
            OpaqueId = "ben", Began = s_day.AddSeconds(2), Ended = s_day.AddSeconds(7),
        });
        (await rooms.ReadPublishersAsync(new RoomQuery()).SingleAsync()).Should().Be(new RoomPublisher
        {
            Emitter = "one", Plugin = "janus.plugin.videoroom", Room = "1", Participant = "6", Display = "Ben", SessionId = 1200, HandleId = 12,
            Began = s_day.AddSeconds(3), Ended = s_day.AddSeconds(7),
        });
        (await rooms.ReadSubscriptionsAsync(new RoomQuery()).SingleAsync()).Should().Be(new RoomSubscription
        {
            Emitter = "one", Plugin = "janus.plugin.videoroom", Room = "1", Participant = "5", Display = "Ann", Publisher = "6", PublisherDisplay = "Ben",
            SessionId = 2100, HandleId = 21, OpaqueId = "ann", Began = s_day.AddSeconds(4), Ended = s_day.AddSeconds(7),
        });
        (await rooms.ReadCallsAsync(new RoomQuery { Room = "c1" }).SingleAsync()).Should().Be(new RoomCall
        {
            Emitter = "one", Plugin = "janus.plugin.sip", CallId = "c1", UserName = "sip:ann@example.org", Peer = "sip:ben@example.org", Event = "calling",
            SessionId = 3100, HandleId = 31, Began = s_day.AddSeconds(10), Accepted = s_day.AddSeconds(11), Ended = s_day.AddSeconds(12),
        });
    }

    [Fact]
    public async Task Many_stays_that_began_at_the_same_time_are_read_page_by_page_each_once()
    {
        const int Stays = 1203;
        var host = await StartHostAsync();
        await host.WriteAllAsync(
            Enumerable.Range(1, Stays).Select(i => Bodies.Of(VideoRoom(i / 700, "joined", "1", $"{i}", i, ",\"streams\":[{\"feed_id\":1},{\"feed_id\":2}]"))),
            perBatch: 100);
        await host.WriteAllAsync(
            Enumerable.Range(1, 400).Select(i => Bodies.Of(VideoRoom(5, "subscribing", "1", null, 10_000 + i, ",\"streams\":[{\"feed_id\":1},{\"feed_id\":2}]"))),
            perBatch: 100);

        foreach (var order in Enum.GetValues<EventOrder>())
        {
            var expected = Enumerable.Range(1, Stays).Select(i => $"{i}");
            RoomQuery query = new() { Room = "1", To = s_day.AddSeconds(4), Order = order };
            (await ReadAsync(host, "stays", query)).Cast<RoomStay>().Select(s => s.Participant)
                .Should().Equal(order == EventOrder.OldestFirst ? expected : expected.Reverse());
            (await ReadAsync(host, "stays", query with { Limit = 1100 })).Should().HaveCount(1100);
            (await ReadAsync(host, "subscriptions", new RoomQuery { Room = "1", Order = order })).Cast<RoomSubscription>()
                .Select(s => (s.HandleId, s.Publisher)).Should().OnlyHaveUniqueItems().And.HaveCount(800);
        }
    }

    [Fact]
    public async Task It_needs_no_views_and_nothing_in_an_empty_database_and_says_what_to_do_where_facts_are_missing()
    {
        var host = await StartHostAsync();
        (await ReadAsync(host, "stays", new RoomQuery())).Should().BeEmpty();

        await host.WriteAsync(Bodies.Of(s_events));
        foreach (var (view, _) in s_views)
            await Store.QueryAsync($"DROP VIEW {view}");
        (await ReadAsync(host, "stays", new RoomQuery())).Should().HaveCount(8);

        await Store.QueryAsync("DROP TABLE facts");
        var broken = () => ReadAsync(host, "stays", new RoomQuery());
        await broken.Should().ThrowAsync<System.Data.Common.DbException>();
        (await broken.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*IRoomFacts.RebuildAsync*");
        await host.RoomFacts.RebuildAsync();
        (await ReadAsync(host, "stays", new RoomQuery())).Should().HaveCount(8);
    }

    [Fact]
    public async Task Fewer_than_one_and_an_order_that_is_none_are_refused()
    {
        var host = await StartHostAsync();

        var none = () => ReadAsync(host, "stays", new RoomQuery { Limit = 0 });
        (await none.Should().ThrowAsync<ArgumentOutOfRangeException>()).WithMessage("*RoomQuery.Limit must be at least 1*");
        var ordered = () => ReadAsync(host, "calls", new RoomQuery { Order = (EventOrder)7 });
        (await ordered.Should().ThrowAsync<ArgumentOutOfRangeException>()).WithMessage("*OldestFirst or NewestFirst*");
    }

    private static async Task<List<RoomInterval>> ReadAsync(StoreHost host, string what, RoomQuery query)
    {
        var rooms = host.Services.GetRequiredService<IRoomStore>();
        IAsyncEnumerable<RoomInterval> read = what switch
        {
            "stays" => rooms.ReadStaysAsync(query),
            "publishers" => rooms.ReadPublishersAsync(query),
            "subscriptions" => rooms.ReadSubscriptionsAsync(query),
            _ => rooms.ReadCallsAsync(query),
        };
        return await read.ToListAsync();
    }

    private static string TextOf(RoomInterval interval)
    {
        object?[] values = interval switch
        {
            RoomStay s => [s.Room, s.Participant, s.Display, s.SessionId, s.HandleId, s.OpaqueId, s.Began, s.Ended],
            RoomPublisher p => [p.Room, p.Participant, p.Display, p.SessionId, p.HandleId, p.OpaqueId, p.Began, p.Ended],
            RoomSubscription s => [s.Room, s.Participant, s.Display, s.Publisher, s.PublisherDisplay, s.SessionId, s.HandleId, s.OpaqueId, s.Began, s.Ended],
            RoomCall c => [c.CallId, c.UserName, c.Peer, c.Display, c.Event, c.SessionId, c.HandleId, c.OpaqueId, c.Began, c.Accepted, c.Ended],
            _ => [],
        };
        return string.Join(" | ", new object?[] { interval.Emitter, interval.Plugin }.Concat(values).Select(v => v switch
        {
            null => "-",
            DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            _ => Convert.ToString(v, CultureInfo.InvariantCulture),
        }));
    }
}
