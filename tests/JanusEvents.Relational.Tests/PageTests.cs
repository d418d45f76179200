using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using static JanusEvents.Relational.Tests.Hosting.RoomEvents;

namespace JanusEvents.Relational.Tests;

/// <summary>Limits, the order, and going on from page to page.</summary>
public abstract class PageTests(TestStores stores) : StoreTests(stores)
{
    private const string Room = "1234567890123";

    [Theory]
    [InlineData("03-videoroom", Traits = ["Category", "Slow"])]
    [InlineData("07c-plain-combined-stats-no-server-name")]
    public async Task Newest_first_is_exactly_the_reverse_and_pages_give_what_one_reading_gives(string capture)
    {
        var host = await StartHostAsync();
        var bodies = Bodies.OfCapture(capture).ToList();
        await host.WriteAllAsync(bodies, perBatch: 100);
        var all = bodies.SelectMany(b => b.Events).ToList();
        var some = all.OfType<JsepEvent>().First();
        EventQuery[] queries =
        [
            new(),
            new() { SessionId = some.SessionId },
            new() { SessionId = some.SessionId, HandleId = some.HandleId },
            new() { OpaqueId = some.OpaqueId },
            new() { Emitter = some.Emitter },
            new() { From = all[all.Count / 3].Timestamp },
            new() { To = all[all.Count / 2].Timestamp },
            new() { SessionId = some.SessionId, From = all[all.Count / 3].Timestamp, To = all[all.Count * 2 / 3].Timestamp },
            new() { From = all[all.Count / 3].Timestamp, To = all[all.Count / 2].Timestamp },
            new() { Kinds = [typeof(MediaStatsEvent), typeof(DtlsEvent)] },
            new() { Kinds = [typeof(RemoteCandidateEvent)] },
            new() { Room = Room },
            new() { Room = Room, Kinds = [typeof(PluginEvent)] },
            new() { Room = Room, HandleId = some.HandleId },
        ];

        foreach (var query in queries)
        {
            var oldest = (await host.ReadAsync(query)).Select(Text).ToList();
            var newest = (await host.ReadAsync(query with { Order = EventOrder.NewestFirst })).Select(Text).ToList();

            newest.Should().Equal(Enumerable.Reverse(oldest), $"{query}");
            if (query.Room is null || capture == "03-videoroom")
                oldest.Should().NotBeEmpty($"{query}");
            foreach (var order in Enum.GetValues<EventOrder>())
            {
                var expected = order == EventOrder.OldestFirst ? oldest : newest;
                var limit = expected.Count / 4 + 1;
                (await PagesAsync(host, query with { Order = order, Limit = limit })).SelectMany(p => p).Select(Text).Should().Equal(expected, $"{query} {order}");
                (await host.ReadAsync(query with { Order = order, Limit = 3 })).Select(Text).Should().Equal(Events(expected, 3), $"{query} {order}");
            }
        }
    }

    [Fact]
    public async Task A_combined_event_counts_as_one_and_is_on_one_page_whole()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Combined(1, 3), Bodies.Session(2), Combined(3, 1), Combined(4, 20), Bodies.Session(5)));
        string[] expected = ["1.0 1.1 1.2", "2", "3.0", "4.0 " + string.Join(' ', Enumerable.Range(1, 19).Select(p => $"4.{p}")), "5"];

        foreach (var limit in new[] { 1, 2, 3, 5, 6 })
        {
            var pages = await PagesAsync(host, new EventQuery { Limit = limit });
            pages.Select(Page).Should().Equal(expected.Chunk(limit).Select(p => string.Join(' ', p)), $"{limit}");

            var reversed = await PagesAsync(host, new EventQuery { Limit = limit, Order = EventOrder.NewestFirst });
            reversed.Select(Page).Should().Equal(
                Enumerable.Reverse(expected).Select(e => string.Join(' ', e.Split(' ').Reverse())).Chunk(limit).Select(p => string.Join(' ', p)), $"{limit}");
        }

        (await host.ReadAsync(new EventQuery { Limit = 1 })).Should().HaveCount(3);
        (await host.ReadAsync(new EventQuery { Limit = 2, Order = EventOrder.NewestFirst })).Should().HaveCount(21);
    }

    [Fact]
    public async Task Pages_stay_as_they_are_while_events_arrive()
    {
        var host = await StartHostAsync();
        for (var i = 1; i <= 6; i++)
            await host.WriteAsync(Bodies.Of(Bodies.Session(i), Combined(10 + i, 2)));
        EventQuery? oldest = new() { Limit = 4 };
        EventQuery? newest = oldest with { Order = EventOrder.NewestFirst };
        List<string> up = [], down = [];

        for (var i = 7; oldest is not null || newest is not null; i++)
        {
            oldest = await NextAsync(oldest, up);
            newest = await NextAsync(newest, down);
            if (i < 9)
                await host.WriteAsync(Bodies.Of(Bodies.Session(i), Combined(10 + i, 2)));
        }

        up.Should().Equal(Enumerable.Range(1, 8).SelectMany(i => new[] { $"{i}", $"{10 + i}.0", $"{10 + i}.1" }));
        down.Should().Equal(Enumerable.Range(1, 6).Reverse().SelectMany(i => new[] { $"{10 + i}.1", $"{10 + i}.0", $"{i}" }));

        async Task<EventQuery?> NextAsync(EventQuery? query, List<string> read)
        {
            if (query is null)
                return null;
            var page = await ReadPageAsync(host, query);
            read.AddRange(page.Events.Select(Name));
            return page.Continuation is { } more ? query with { Continuation = more } : null;
        }
    }

    [Fact]
    public async Task A_room_is_read_page_by_page_in_both_orders()
    {
        var host = await StartHostAsync();
        string[] events =
        [
            VideoRoom(1, "joined", "1", "5", 11), Stats(2, 11, 2), VideoRoom(3, "joined", "1", "6", 12), Stats(4, 12, 4), Stats(5, 11, 5),
            VideoRoom(6, "leaving", "1", "5", 11), Stats(7, 11, 7), Stats(8, 12, 8), VideoRoom(9, "joined", "1", "7", 13), Stats(10, 13, 10),
            Stats(11, 12, 11), VideoRoom(12, "leaving", "1", "6", 12), Stats(13, 13, 13), Stats(14, 14, 14),
        ];
        foreach (var e in events)
            await host.WriteAsync(Bodies.Of(e));
        int[] expected = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13];

        for (var limit = 1; limit < 6; limit++)
        {
            var pages = await PagesAsync(host, new EventQuery { Room = "1", Limit = limit });
            pages.SelectMany(p => p).Select(Second).Should().Equal(expected, $"{limit}");
            pages.Should().HaveCount((expected.Length + limit - 1) / limit);
            var reversed = await PagesAsync(host, new EventQuery { Room = "1", Limit = limit, Order = EventOrder.NewestFirst });
            reversed.SelectMany(p => p).Select(Second).Should().Equal(Enumerable.Reverse(expected), $"{limit}");
        }

        static int Second(JanusEvent e) => e.Timestamp!.Value.Second;
    }

    [Fact]
    public async Task A_damaged_row_is_told_once_by_one_page_in_either_order()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Plugin(1, "{}"), """{"type":999,"event":{}}"""));
        for (var i = 0; i < 7; i++)
        {
            await Store.QueryAsync($"INSERT INTO plugins (id, session, plugin, event) VALUES ({1_000_000 + (3 * i)}, 7, 'p', '{{\"cut')");
            await Store.QueryAsync($"INSERT INTO unknown (id, session, event) VALUES ({1_000_001 + (3 * i)}, 7, NULL)");
        }

        foreach (var order in Enum.GetValues<EventOrder>())
        {
            for (var limit = 1; limit < 4; limit++)
            {
                List<DamagedRow> told = [];
                EventQuery query = new() { SessionId = 7, Limit = limit, Order = order, DamagedRows = new Told(told) };
                (await PagesAsync(host, query)).SelectMany(p => p).Should().HaveCount(7);
                var numbers = Enumerable.Range(0, 7).SelectMany(i => new long[] { 1_000_000 + (3 * i), 1_000_001 + (3 * i) });
                told.Select(d => d.Number).Should().Equal(order == EventOrder.OldestFirst ? numbers : numbers.Reverse());
            }
        }
    }

    [Fact]
    public async Task Numbers_that_several_tables_have_are_no_reason_to_pass_over_an_event_or_to_cut_one()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        // As where the published program stores beside a host: a combined event, and rows of others with its numbers.
        for (var part = 0; part < 4; part++)
            await Store.QueryAsync($"INSERT INTO stats (id, session, handle, medium, part) VALUES ({1_000_000 + part}, 7, 8, '{part}', {part})");
        foreach (var (table, column) in new[] { ("sessions", "event"), ("ice", "state"), ("transports", "plugin") })
        {
            for (var i = 0; i < 5; i++)
                await Store.QueryAsync($"INSERT INTO {table} (id, session, {column}) VALUES ({1_000_000 + i}, 7, '{table}{i}')");
        }

        var oldest = (await host.ReadAsync(new EventQuery { SessionId = 7 })).Select(Text).ToList();
        oldest.Should().HaveCount(19);
        (await host.ReadAsync(new EventQuery { SessionId = 7, Order = EventOrder.NewestFirst })).Select(Text).Should().Equal(Enumerable.Reverse(oldest));
        for (var limit = 1; limit < 5; limit++)
        {
            (await PagesAsync(host, new EventQuery { SessionId = 7, Limit = limit })).SelectMany(p => p).Select(Text).Should().Equal(oldest);
            (await PagesAsync(host, new EventQuery { SessionId = 7, Limit = limit, Order = EventOrder.NewestFirst })).SelectMany(p => p).Select(Text)
                .Should().Equal(Enumerable.Reverse(oldest));
        }
    }

    [Fact]
    public async Task A_continuation_that_is_broken_or_of_another_query_is_refused_and_says_what_to_do()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of([.. Enumerable.Range(1, 9).Select(i => Bodies.Session(i))]));
        EventQuery query = new() { Emitter = "test", From = DateTimeOffset.UnixEpoch, Kinds = [typeof(SessionEvent), typeof(HandleEvent)], Limit = 2 };
        var continuation = (await ReadPageAsync(host, query)).Continuation!;
        continuation.Should().MatchRegex("^[A-Za-z0-9_-]{10,128}$");

        var other = continuation[^1] == 'A' ? 'B' : 'A';
        List<string> broken =
        [
            "", " ", "=", "null", continuation + "=", continuation + "A", " " + continuation, continuation[..^1], continuation[1..], continuation + "\n",
            continuation + continuation, new string('A', 129), new string('A', 5_000_000), new string('A', 60), "\uFEFF", "\0", "é", "\ud800",
            .. Enumerable.Range(0, continuation.Length).Select(i => $"{continuation[..i]}{(continuation[i] == other ? 'C' : other)}{continuation[(i + 1)..]}"),
        ];
        foreach (var text in broken)
        {
            var read = () => ReadPageAsync(host, query with { Continuation = text });
            (await read.Should().ThrowAsync<ArgumentException>()).WithMessage("*Pass it on unchanged, or set it to null*");
            (await read.Should().ThrowAsync<ArgumentException>()).And.Message.Length.Should().BeLessThan(300);
        }

        EventQuery[] others =
        [
            query with { Order = EventOrder.NewestFirst }, query with { Emitter = null }, query with { Emitter = "Test" }, query with { OpaqueId = "" },
            query with { Room = "1" }, query with { SessionId = 1 }, query with { HandleId = 1 }, query with { From = null }, query with { Kinds = [] },
            query with { To = DateTimeOffset.UnixEpoch }, query with { From = DateTimeOffset.UnixEpoch.AddTicks(1) }, query with { Kinds = [typeof(SessionEvent)] },
        ];
        foreach (var another in others)
        {
            var read = () => host.ReadAsync(another with { Continuation = continuation });
            (await read.Should().ThrowAsync<ArgumentException>()).WithMessage("*belongs to another query*set it to null*");
        }

        var same = query with { Limit = 3, From = DateTimeOffset.UnixEpoch.ToOffset(TimeSpan.FromHours(2)), Kinds = [typeof(HandleEvent), typeof(SessionEvent)], Continuation = continuation };
        (await host.ReadAsync(same)).Select(e => e.SessionId).Should().Equal(3, 4, 5);
    }

    [Fact]
    public async Task A_continuation_that_somebody_made_reads_nothing_but_what_the_query_asks_for()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Combined(2, 2), Combined(3, 3)));

        foreach (var order in Enum.GetValues<EventOrder>())
        {
            EventQuery query = new() { SessionId = 2, Order = order, Limit = 5 };
            foreach (var number in new[] { long.MinValue, long.MinValue + 1, -1, 0, long.MaxValue - 1, long.MaxValue })
            {
                for (var table = 0; table < EventTables.All.Count; table++)
                {
                    var page = await ReadPageAsync(host, query with { Continuation = EventContinuation.Write(query, new EventPlace(number, table)) });
                    page.Events.Should().HaveCount(number <= 0 == (order == EventOrder.OldestFirst) ? 2 : 0, $"{number} {order}");
                    page.Continuation.Should().BeNull();
                }
            }
        }
    }

    [Fact]
    public async Task Fewer_events_than_one_an_order_that_is_none_and_a_page_without_a_limit_are_refused()
    {
        var host = await StartHostAsync();

        foreach (var limit in new[] { 0, -1, int.MinValue })
        {
            var read = () => host.ReadAsync(new EventQuery { Limit = limit });
            (await read.Should().ThrowAsync<ArgumentOutOfRangeException>()).WithMessage("*EventQuery.Limit must be at least 1*");
        }

        var ordered = () => ReadPageAsync(host, new EventQuery { Limit = 1, Order = (EventOrder)2 });
        (await ordered.Should().ThrowAsync<ArgumentOutOfRangeException>()).WithMessage("*OldestFirst or NewestFirst*");
        var unlimited = () => ReadPageAsync(host, new EventQuery());
        (await unlimited.Should().ThrowAsync<ArgumentException>()).WithMessage("*needs EventQuery.Limit*");
    }

    [Fact]
    public async Task Nothing_stored_is_one_empty_page()
    {
        var host = await StartHostAsync();

        foreach (var order in Enum.GetValues<EventOrder>())
        {
            EventQuery query = new() { Limit = int.MaxValue, Order = order };
            (await ReadPageAsync(host, query)).Should().BeEquivalentTo(new EventPage([], null));
            (await host.ReadAsync(query)).Should().BeEmpty();
        }

        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        foreach (var order in Enum.GetValues<EventOrder>())
        {
            (await ReadPageAsync(host, new EventQuery { SessionId = 2, Limit = 1, Order = order })).Should().BeEquivalentTo(new EventPage([], null));
            (await ReadPageAsync(host, new EventQuery { Room = "1", Limit = 1, Order = order })).Should().BeEquivalentTo(new EventPage([], null));
            (await ReadPageAsync(host, new EventQuery { Limit = int.MaxValue, Order = order })).Events.Should().ContainSingle();
        }
    }

    private static Task<EventPage> ReadPageAsync(StoreHost host, EventQuery query) =>
        host.Services.GetRequiredService<IEventStore>().ReadPageAsync(query);

    private static async Task<List<IReadOnlyList<JanusEvent>>> PagesAsync(StoreHost host, EventQuery query)
    {
        List<IReadOnlyList<JanusEvent>> pages = [];
        for (string? continuation = null; continuation is not null || pages.Count == 0;)
        {
            var page = await ReadPageAsync(host, query with { Continuation = continuation });
            continuation = page.Continuation;
            pages.Add(page.Events);
            page.Events.DistinctBy(e => e is MediaStatsEvent { Part: not null } ? (object)e.Json : e).Should().HaveCountLessThanOrEqualTo(query.Limit!.Value);
            if (continuation is not null)
                page.Events.Should().NotBeEmpty();
        }

        return pages;
    }

    /// <summary>The first events of some, each with all its parts.</summary>
    private static IEnumerable<(string Json, int? Part)> Events(List<(string Json, int? Part)> all, int count)
    {
        foreach (var (i, e) in all.Index())
        {
            if ((i == 0 || e.Part is null || all[i - 1].Json != e.Json) && count-- == 0)
                yield break;
            yield return e;
        }
    }

    private static (string Json, int? Part) Text(JanusEvent e) => (ExactJson.Canonical(e.Json.Utf8), (e as MediaStatsEvent)?.Part);

    private static string Page(IReadOnlyList<JanusEvent> events) => string.Join(' ', events.Select(Name));

    private static string Name(JanusEvent e) => e is MediaStatsEvent stats ? $"{e.SessionId}.{stats.Part}" : $"{e.SessionId}";

    private static string Combined(long session, int parts) =>
        $"{{\"emitter\":\"test\",\"type\":32,\"subtype\":3,\"timestamp\":{Bodies.Time + session},{Bodies.OfHandle(session)},\"event\":[{string.Join(',', Enumerable.Range(0, parts).Select(p => $"{{\"media\":\"audio\",\"mindex\":{p}}}"))}]}}";

    private sealed class Told(List<DamagedRow> rows) : IProgress<DamagedRow>
    {
        public void Report(DamagedRow value) => rows.Add(value);
    }
}
