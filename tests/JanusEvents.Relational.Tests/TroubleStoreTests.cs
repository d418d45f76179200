using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Records;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using static JanusEvents.Relational.Tests.Records.MonitoringRecords;

namespace JanusEvents.Relational.Tests;

/// <summary>Troubles: a row each, completed at its end; and the events that the monitoring reads back.</summary>
public abstract class TroubleStoreTests(TestStores stores) : StoreTests(stores)
{
    private const string Columns =
        "trouble, code, severity, emitter, session, handle, number, room, participant, display, medium, side, began, confirmed, ended, ended_by, mid, plugin, opaque_id, count";

    [Fact]
    public async Task A_trouble_is_read_back_as_it_was()
    {
        var host = await StartHostAsync();
        Trouble ofServer = Trouble("b", 1, 1, TroubleCodes.ServerRestarted, TroubleSeverity.Critical) with { Subject = new TroubleSubject(), EndedBy = TroubleEnd.ServerEnded };

        await host.SaveAsync(FullTrouble(), ofServer);

        (await host.TroublesAsync()).Should().BeEquivalentTo([ofServer, FullTrouble()], options => options.WithStrictOrdering());
        var row = (await Store.QueryAsync($"SELECT {Columns} FROM troubles WHERE session IS NOT NULL")).Should().ContainSingle().Subject;
        row.Should().Equal(
            "k3v7abcdefghijklmnop", "media-lost", "error", "edge-7", "9223372036854775807", "9223372036854775806", "3", "1234", "6978318287626677",
            "Carol \"quoted\" <b> O'Hara \\ 😀", "audio", "client-to-janus", "2026-07-01 00:00:27.943001", "2026-07-01 00:00:29.943001", null, null, "0",
            "janus.plugin.videoroom", "videoroom-carol", "3");
        (await ColumnAsync("SELECT evidence FROM troubles WHERE session IS NOT NULL"))[0].Should().StartWith(
            "[{\"at\":\"2026-07-01T00:00:27.942Z\",\"what\":\"audio receiving false\"},{\"at\":");
        (await ColumnAsync("SELECT numbers FROM troubles WHERE session IS NOT NULL")).Should().Equal(
            "{\"receivedBefore\":81,\"loss\":0.1234567890123,\"rttMs\":\"NaN\"}");
    }

    [Fact]
    public async Task What_changes_is_updated_and_an_end_stays_an_end_until_it_begins_again()
    {
        var host = await StartHostAsync();
        var open = FullTrouble();
        var worse = open with { Severity = TroubleSeverity.Critical, Evidence = [.. open.Evidence, new TroubleEvidence(Day.AddSeconds(30), "more")] };
        var over = worse with { Ended = Day.AddSeconds(40), EndedBy = TroubleEnd.CallEnded, Numbers = new Dictionary<string, double> { ["x"] = 1 } };
        var again = over with { Ended = null, EndedBy = null, Count = 4 };

        await host.SaveAsync(open);
        await host.SaveAsync(worse);
        (await host.TroublesAsync()).Should().BeEquivalentTo([worse]);
        await host.SaveAsync(over, Trouble("new", 50));
        (await host.TroublesAsync(new TroubleQuery { To = Day.AddSeconds(50) })).Should().BeEquivalentTo([over]);
        await host.SaveAsync(worse, open);
        (await host.TroublesAsync(new TroubleQuery { To = Day.AddSeconds(50) })).Should().BeEquivalentTo([over]);
        await host.SaveAsync(over);
        await host.SaveAsync(again);
        (await host.TroublesAsync(new TroubleQuery { To = Day.AddSeconds(50) })).Should().BeEquivalentTo([again]);
        await host.SaveAsync(over);
        (await host.TroublesAsync()).Should().BeEquivalentTo([again, Trouble("new", 50)]);
    }

    [Fact]
    public async Task A_trouble_that_began_and_ended_between_two_writes_is_stored_as_it_is_now()
    {
        var host = await StartHostAsync();

        await host.SaveAsync(Trouble("a", 1), Trouble("b", 2), Trouble("a", 1, 3));

        (await host.TroublesAsync()).Should().BeEquivalentTo([Trouble("a", 1, 3), Trouble("b", 2)]);
    }

    [Fact]
    public async Task Open_troubles_are_read_after_a_restart()
    {
        await using (var first = await StartHostAsync())
            await first.SaveAsync([Trouble("a", 1), Trouble("b", 2, 3), .. Enumerable.Range(0, 1203).Select(i => Trouble($"many {i}", 4))]);

        var second = await StartHostAsync();
        var open = await second.Monitoring().ReadOpenTroublesAsync(CancellationToken.None);

        open.Should().HaveCount(1204).And.OnlyContain(t => t.Ended == null).And.OnlyHaveUniqueItems(t => t.Id);
        open[0].Should().BeEquivalentTo(Trouble("a", 1));
    }

    [Fact]
    public async Task Each_condition_leaves_out_what_it_says()
    {
        var host = await StartHostAsync();
        await host.SaveAsync(
            Trouble("a", 1, 10),
            Trouble("b", 2, code: TroubleCodes.HighLoss, severity: TroubleSeverity.Warning) with { Subject = new TroubleSubject { Emitter = "one", Session = 3, Handle = 4, Room = "1" } },
            Trouble("c", 3, 3, TroubleCodes.ServerRestarted, TroubleSeverity.Critical) with { Subject = new TroubleSubject { Emitter = "one " } },
            Trouble("d", 4, 20, TroubleCodes.SetupAbandoned, TroubleSeverity.Info) with { Subject = new TroubleSubject { Session = 3, Room = "1 " } });

        (await IdsAsync(new())).Should().Equal("a", "b", "c", "d");
        (await IdsAsync(new() { Code = TroubleCodes.HighLoss })).Should().Equal("b");
        (await IdsAsync(new() { MinSeverity = TroubleSeverity.Warning })).Should().Equal("a", "b", "c");
        (await IdsAsync(new() { MinSeverity = TroubleSeverity.Error })).Should().Equal("a", "c");
        (await IdsAsync(new() { MinSeverity = TroubleSeverity.Critical })).Should().Equal("c");
        (await IdsAsync(new() { Emitter = "one" })).Should().Equal("b");
        (await IdsAsync(new() { Emitter = "one " })).Should().Equal("c");
        (await IdsAsync(new() { Emitter = "" })).Should().Equal("d");
        (await IdsAsync(new() { Room = "1" })).Should().Equal("b");
        (await IdsAsync(new() { Room = "1 " })).Should().Equal("d");
        (await IdsAsync(new() { SessionId = 3 })).Should().Equal("b", "d");
        (await IdsAsync(new() { SessionId = 3, HandleId = 4 })).Should().Equal("b");
        (await IdsAsync(new() { OnlyOpen = true })).Should().Equal("b");
        (await IdsAsync(new() { From = Day.AddSeconds(10) })).Should().Equal("a", "b", "d");
        (await IdsAsync(new() { From = Day.AddSeconds(11), To = Day.AddSeconds(4) })).Should().Equal("b");
        (await IdsAsync(new() { Limit = 2 })).Should().Equal("a", "b");
        (await IdsAsync(new() { Limit = 3, Order = EventOrder.NewestFirst })).Should().Equal("d", "c", "b");

        async Task<IEnumerable<string>> IdsAsync(TroubleQuery query) => (await host.TroublesAsync(query)).Select(t => t.Id);
    }

    [Fact]
    public async Task A_query_that_means_nothing_is_refused()
    {
        var host = await StartHostAsync();
        var store = host.Services.GetRequiredService<ITroubleStore>();

        FluentActions.Invoking(() => store.ReadAsync(new TroubleQuery { Limit = -1 })).Should().Throw<ArgumentException>().WithMessage("TroubleQuery.Limit must be at least 1*");
        FluentActions.Invoking(() => store.ReadAsync(new TroubleQuery { MinSeverity = (TroubleSeverity)7 })).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task JSON_that_somebody_else_broke_is_read_as_none()
    {
        var host = await StartHostAsync();
        await host.SaveAsync(FullTrouble());
        await host.AddAsync(FullRecord());
        await Store.QueryAsync("UPDATE troubles SET evidence = '[{\"at\":1', numbers = NULL, severity = 'odd'; UPDATE peerconnections SET media = '[{}]', troubles = '7'");

        var trouble = (await host.TroublesAsync()).Should().ContainSingle().Subject;
        var record = (await host.RecordsAsync()).Should().ContainSingle().Subject;

        (trouble.Evidence.Count, trouble.Numbers.Count, trouble.Severity).Should().Be((0, 0, TroubleSeverity.Critical));
        (record.Media.Count, record.Troubles.Count).Should().Be((0, 0));
    }

    [Fact]
    public async Task The_events_of_a_handle_come_with_those_of_its_session_in_the_order_of_their_times()
    {
        var host = await StartHostAsync();
        long T(double second) => Bodies.Time + (long)(second * 1_000_000);
        await host.WriteAsync(Bodies.Of(
            Bodies.Session(7, time: T(0)),
            Bodies.Event(2, Bodies.OfHandle(7, 8), "\"name\":\"attached\",\"plugin\":\"p\"", T(1)),
            Bodies.Event(2, Bodies.OfHandle(7, 9), "\"name\":\"attached\",\"plugin\":\"p\"", T(1.5)),
            Bodies.Event(64, "\"session_id\":7", "\"plugin\":\"p\",\"data\":{}", T(3)),
            Bodies.Event(16, "\"subtype\":6," + Bodies.OfHandle(7, 8), "\"connection\":\"webrtcup\"", T(2)),
            Bodies.Event(16, "\"subtype\":6," + Bodies.OfHandle(7, 8), "\"connection\":\"hangup\"", T(200)),
            Bodies.Event(16, "\"subtype\":6," + Bodies.OfHandle(7, 8), "\"connection\":\"webrtcup\"", T(200)).Replace("\"test\"", "\"other\"", StringComparison.Ordinal),
            Bodies.Session(7, "destroyed", T(199.9)),
            Bodies.Session(6, "destroyed", T(199.9))));

        var read = await host.Monitoring().ReadEventsOfAsync("test", 7, 8, CancellationToken.None).ToListAsync();
        var nameless = await host.Monitoring().ReadEventsOfAsync(null, 7, 8, CancellationToken.None).ToListAsync();

        read.Select(e => (e.Timestamp!.Value - DateTimeOffset.UnixEpoch.AddTicks(Bodies.Time * 10)).TotalSeconds).Should().Equal(0, 1, 2, 3, 199.9, 200);
        read.Should().OnlyContain(e => e.Emitter == "test" && e.SessionId == 7 && (e.HandleId == 8 || e.HandleId == null));
        nameless.Should().BeEmpty();
    }

    [Fact]
    public async Task Events_since_a_time_are_read_in_the_order_of_arrival()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(
            Bodies.Session(1, time: Bodies.Time - 1), Bodies.Session(2, time: Bodies.Time + 5), Bodies.Plugin(3, "{}", Bodies.Time), Bodies.Session(4, time: Bodies.Time + 1)));

        var read = await host.Monitoring().ReadEventsAsync(DateTimeOffset.UnixEpoch.AddTicks(Bodies.Time * 10), CancellationToken.None).ToListAsync();

        read.Select(e => e.SessionId).Should().Equal(2, 3, 4);
    }

    [Fact]
    public async Task The_monitoring_finds_every_store()
    {
        await using var host = await StoreHost.StartAsync(builder =>
        {
            Store.AddTo(builder);
            Store.AddTo(builder, options => options.TablePrefix = "second_");
        });

        foreach (var store in host.Services.GetServices<Monitoring.Records.IMonitoringStore>())
            await store.SaveTroublesAsync([Trouble("a", 1)], CancellationToken.None);

        (await CountAsync("troubles")).Should().Be(1);
        (await CountAsync("second_troubles")).Should().Be(1);
    }

    [Fact]
    public async Task Each_store_has_its_services_by_its_name()
    {
        var host = await StartHostAsync();

        foreach (var type in new[] { typeof(IPeerConnectionStore), typeof(ITroubleStore), typeof(Monitoring.Records.IMonitoringStore) })
            host.Services.GetKeyedServices(type, KeyedService.AnyKey).Should().ContainSingle().Which.Should().BeSameAs(host.Services.GetRequiredService(type));
    }
}
