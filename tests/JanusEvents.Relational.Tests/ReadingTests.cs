using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Relational.Tests;

/// <summary>Which events a query gives back.</summary>
public abstract class ReadingTests(TestStores stores) : StoreTests(stores)
{
    [Fact]
    public async Task Nothing_is_read_from_a_database_without_tables()
    {
        var host = await StartHostAsync();

        (await host.ReadAsync(new EventQuery())).Should().BeEmpty();
    }

    [Theory]
    [InlineData("03-videoroom")]
    [InlineData("07c-plain-combined-stats-no-server-name")]
    public async Task A_query_gives_what_a_filter_over_all_events_gives(string capture)
    {
        var host = await StartHostAsync();
        var bodies = Bodies.OfCapture(capture).ToList();
        await host.WriteAllAsync(bodies, perBatch: 100);
        var all = bodies.SelectMany(b => b.Events).ToList();
        var some = all.OfType<JsepEvent>().First();
        var from = all[all.Count / 3].Timestamp;
        var to = all[all.Count / 2].Timestamp;

        await ShouldGiveAsync(new EventQuery { SessionId = some.SessionId }, e => e.SessionId == some.SessionId);
        await ShouldGiveAsync(
            new EventQuery { SessionId = some.SessionId, HandleId = some.HandleId },
            e => e.SessionId == some.SessionId && e.HandleId == some.HandleId);
        await ShouldGiveAsync(new EventQuery { OpaqueId = some.OpaqueId }, e => e.OpaqueId == some.OpaqueId);
        await ShouldGiveAsync(new EventQuery { Emitter = some.Emitter }, e => e.Emitter == some.Emitter);
        await ShouldGiveAsync(new EventQuery { Emitter = some.Emitter!.ToUpperInvariant() }, _ => false);
        await ShouldGiveAsync(new EventQuery { From = from, To = to }, e => e.Timestamp >= from && e.Timestamp < to);
        await ShouldGiveAsync(new EventQuery { Kinds = [typeof(RemoteCandidateEvent)] }, e => e is RemoteCandidateEvent);
        await ShouldGiveAsync(
            new EventQuery { Kinds = [typeof(MediaStatsEvent), typeof(DtlsEvent)], HandleId = some.HandleId },
            e => e is MediaStatsEvent or DtlsEvent && e.HandleId == some.HandleId);

        async Task ShouldGiveAsync(EventQuery query, Func<JanusEvent, bool> expected) =>
            (await host.ReadAsync(query)).Select(e => (e.GetType(), (e as MediaStatsEvent)?.Part, ExactJson.Canonical(e.Json.Utf8)))
                .Should().Equal(
                    all.Where(expected).Select(e => (e.GetType(), (e as MediaStatsEvent)?.Part, ExactJson.Canonical(e.Json.Utf8))),
                    $"{query}");
    }

    [Fact]
    public async Task Texts_are_compared_exactly_however_long_they_are()
    {
        string[] texts = ["me", "Me", "mé", "me ", "me\t", " me", new string('m', 300), new string('m', 301)];
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of([.. texts.Select(text => Bodies.Event(
            64, $"\"opaque_id\":{Bodies.Text(text)}", "\"plugin\":\"p\"").Replace("\"test\"", Bodies.Text(text), StringComparison.Ordinal))]));

        foreach (var text in texts)
        {
            (await host.ReadAsync(new EventQuery { OpaqueId = text })).Select(e => e.OpaqueId).Should().Equal(text);
            (await host.ReadAsync(new EventQuery { Emitter = text })).Select(e => e.Emitter).Should().Equal(text);
        }
    }

    [Fact]
    public async Task Tables_that_change_between_two_readings_are_read_as_they_are()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Plugin(1, "{}")));
        var call = new EventQuery { SessionId = 1 };
        (await host.ReadAsync(call)).Select(e => e.Emitter).Should().Equal("test", "test");

        await Store.QueryAsync("ALTER TABLE sessions DROP COLUMN emitter");
        (await host.ReadAsync(call)).Select(e => e.Emitter).Should().Equal(null, "test");

        // As an upgrade does: the columns first, then what they are for.
        await Store.QueryAsync("ALTER TABLE sessions ADD COLUMN emitter TEXT");
        await Store.QueryAsync("UPDATE sessions SET emitter = 'new'");
        (await host.ReadAsync(call)).Select(e => e.Emitter).Should().Equal("new", "test");
        (await host.ReadAsync(new EventQuery { Emitter = "new" })).Should().ContainSingle();

        await Store.QueryAsync("DROP TABLE plugins");
        (await host.ReadAsync(call)).Select(e => e.Emitter).Should().Equal("new");
        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Plugin(1, "{}")));
        (await host.ReadAsync(call)).Select(e => e.Emitter).Should().Equal("new", "test");
    }

    [Fact]
    public async Task A_call_of_several_pages_is_read_in_order_and_also_when_somebody_stops_in_the_middle()
    {
        var host = await StartHostAsync();
        var sent = Enumerable.Range(0, 1200).Select(i => i % 3 == 0
            ? Bodies.Event(16, $"\"subtype\":5,{Bodies.OfHandle(1)}", $"\"dtls\":\"{i}\"")
            : Bodies.Event(32, $"\"subtype\":1,{Bodies.OfHandle(1)}", $"\"media\":\"{i}\"")).ToArray();
        await host.WriteAsync(Bodies.Of(sent));
        var call = new EventQuery { SessionId = 1, HandleId = 7 };
        var store = host.Services.GetRequiredService<IEventStore>();

        await foreach (var _ in store.ReadAsync(call))
            break;

        (await host.ReadAsync(call)).Select(e => (e as DtlsEvent)?.State ?? ((MediaStateEvent)e).Media)
            .Should().Equal(Enumerable.Range(0, sent.Length).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_kind_that_is_none_is_refused()
    {
        var host = await StartHostAsync();

        var read = () => host.ReadAsync(new EventQuery { Kinds = [typeof(string)] });

        (await read.Should().ThrowAsync<ArgumentException>()).WithMessage("*typeof(DtlsEvent)*");
    }
}
