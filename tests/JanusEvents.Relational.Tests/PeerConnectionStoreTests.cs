using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Records;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static JanusEvents.Relational.Tests.Records.MonitoringRecords;

namespace JanusEvents.Relational.Tests;

/// <summary>Records of PeerConnections: stored once, read back as they were, and counted.</summary>
public abstract class PeerConnectionStoreTests(TestStores stores) : StoreTests(stores)
{
    private static readonly string[] s_columns =
    [
        "emitter", "session", "handle", "number", "opaque_id", "plugin", "room", "participant", "display", "attached", "offered", "answered", "connecting",
        "connected", "dtls_connected", "up", "first_media", "ended", "setup_ms", "duration_ms", "outcome", "ended_by", "end_event", "reason", "local_type",
        "remote_type", "protocol", "relayed", "ice_restarts", "quality", "quality_worst", "troubles", "media",
    ];

    [Fact]
    public async Task A_record_is_read_back_as_it_was()
    {
        var host = await StartHostAsync();

        await host.AddAsync(FullRecord(), Record(1));

        (await host.RecordsAsync()).Should().BeEquivalentTo([Record(1), FullRecord()], options => options.WithStrictOrdering());
    }

    [Fact]
    public async Task Each_value_is_in_the_column_of_its_name()
    {
        var host = await StartHostAsync();

        await host.AddAsync(FullRecord());

        var row = (await Store.QueryAsync($"SELECT {string.Join(", ", s_columns)} FROM peerconnections")).Should().ContainSingle().Subject;
        s_columns.Zip(row).Where(c => c.First is not ("quality" or "quality_worst" or "media")).Should().Equal(
        [
            ("emitter", "edge-7"), ("session", "9223372036854775807"), ("handle", "9223372036854775806"), ("number", "2147483647"),
            ("opaque_id", "videoroom-carol"), ("plugin", "janus.plugin.videoroom"), ("room", "1234"), ("participant", "6978318287626677"),
            ("display", "Carol \"quoted\" <b> O'Hara \\ 😀"), ("attached", "2026-07-01 00:00:01.000001"), ("offered", "2026-07-01 00:00:02.000000"),
            ("answered", "2026-07-01 00:00:03.000000"), ("connecting", "2026-07-01 00:00:04.000000"), ("connected", "2026-07-01 00:00:05.000000"),
            ("dtls_connected", "2026-07-01 00:00:06.000000"), ("up", "2026-07-01 00:00:07.123456"), ("first_media", "2026-07-01 00:00:08.000000"),
            ("ended", "2026-07-01 00:01:00.654321"), ("setup_ms", "52"), ("duration_ms", "53530"), ("outcome", "completed"), ("ended_by", "client"),
            ("end_event", "hangup"), ("reason", "DTLS alert"), ("local_type", "host"), ("remote_type", "prflx"), ("protocol", "udp"), ("relayed", "0"),
            ("ice_restarts", "2"), ("troubles", "[\"media-lost\",\"high-loss\"]"),
        ]);
        row[^1].Should().StartWith("[{\"mid\":\"0\",\"kind\":\"audio\",\"packets_in\":1,").And.Contain("\"jitter_in_max_ms\":9,").And.Contain("\"video \\\"é");
    }

    [Fact]
    public async Task What_is_there_already_stays_as_it_is()
    {
        var host = await StartHostAsync();
        await host.AddAsync(FullRecord(), Record(1));

        await host.AddAsync(FullRecord() with { Outcome = "dropped", Room = "other" }, Record(2), Record(3, number: 2), Record(4) with { Emitter = "one" });

        (await host.RecordsAsync()).Should().BeEquivalentTo(
            [Record(1), Record(3, number: 2), Record(4) with { Emitter = "one" }, FullRecord()],
            options => options.WithStrictOrdering());
    }

    [Fact]
    public async Task Several_hosts_add_the_same_records_at_the_same_time_each_once()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartHostAsync()));
        PeerConnectionRecord[] records = [.. Enumerable.Range(1, 1200).Select(i => Record(i, session: i) with { Emitter = $"server {i % 7}" })];

        await Task.WhenAll(hosts.Select((host, i) => Task.Run(() => host.AddAsync(i == 1 ? [.. records.Reverse()] : records))));

        (await hosts[0].RecordsAsync()).Select(r => r.Session).Should().Equal(records.Select(r => r.Session));
        (await hosts[0].RecordsAsync(new PeerConnectionQuery { Order = EventOrder.NewestFirst, Limit = 1100 })).Select(r => r.Session)
            .Should().Equal(records.Reverse().Take(1100).Select(r => r.Session));
    }

    [Fact]
    public async Task Many_that_ended_at_the_same_time_are_read_page_by_page_each_once()
    {
        var host = await StartHostAsync();
        PeerConnectionRecord[] records =
        [
            .. Enumerable.Range(0, 703).Select(i => Record(i / 400, session: i / 100, handle: i / 10, number: i) with { Emitter = i % 3 == 0 ? null : $"s{i % 3}" }),
        ];
        await host.AddAsync(records);

        var read = await host.RecordsAsync();

        read.Should().BeInAscendingOrder(r => r.Ended);
        read.Select(KeyOf).Order().Should().Equal(records.Select(KeyOf).Order());
        (await host.RecordsAsync(new PeerConnectionQuery { Order = EventOrder.NewestFirst })).Select(KeyOf).Should().Equal(Enumerable.Reverse(read).Select(KeyOf));

        static (string?, long, long, int) KeyOf(PeerConnectionRecord record) => (record.Emitter, record.Session, record.Handle, record.Number);
    }

    [Fact]
    public async Task Long_names_and_names_with_blanks_at_the_end_stay_apart()
    {
        var host = await StartHostAsync();
        var longName = string.Concat(Enumerable.Repeat("Zoë 😀 \"'`\\", 30));
        PeerConnectionRecord[] records =
        [
            Record(1) with { Emitter = "one", Room = "1" },
            Record(2) with { Emitter = "one ", Room = "1 " },
            Record(3) with { Emitter = longName + "a", Room = longName + "a", Participant = longName, OpaqueId = longName, Display = longName, Reason = longName },
            Record(4) with { Emitter = longName + "b", Room = longName + "b" },
            Record(5) with { Room = "ROOM" },
        ];

        await host.AddAsync(records);
        await host.AddAsync(records);

        var read = await host.RecordsAsync();
        read.Should().HaveCount(5);
        read[2].Room.Should().StartWith(longName[..100]).And.Contain("…").And.NotBe(read[3].Room);
        longName.Should().StartWith(read[2].Display).And.StartWith(read[2].Reason);
        (await SecondsAsync(new() { Emitter = "one" })).Should().Equal(1);
        (await SecondsAsync(new() { Emitter = "one " })).Should().Equal(2);
        (await SecondsAsync(new() { Emitter = "" })).Should().Equal(5);
        (await SecondsAsync(new() { Emitter = longName + "a" })).Should().Equal(3);
        (await SecondsAsync(new() { Room = "1 " })).Should().Equal(2);
        (await SecondsAsync(new() { Room = longName + "b" })).Should().Equal(4);
        (await SecondsAsync(new() { Room = "room" })).Should().BeEmpty();
        (await SecondsAsync(new() { OpaqueId = longName, Participant = longName, Reason = longName })).Should().Equal(3);
        (await SummariesAsync(host, PeerConnectionGrouping.Room)).Select(s => s.Count).Should().Equal(1, 1, 1, 1, 1);
        (await SummariesAsync(host, PeerConnectionGrouping.Server)).Select(s => s.Group).Should().HaveCount(5).And.OnlyHaveUniqueItems().And.StartWith((string?)null).And.Contain("one");

        async Task<IEnumerable<double>> SecondsAsync(PeerConnectionQuery query) => (await host.RecordsAsync(query)).Select(r => (r.Ended - Day).TotalSeconds);
    }

    [Fact]
    public async Task Each_condition_leaves_out_what_it_says()
    {
        var host = await StartHostAsync();
        await host.AddAsync(
            Record(1) with { Emitter = "one", Plugin = "videoroom", Room = "1", Participant = "5", OpaqueId = "ann", Reason = "DTLS alert" },
            Record(2, session: 3) with { Emitter = "one", Plugin = "videoroom", Room = "1", Participant = "6", Outcome = "dropped", Reason = "ICE failed" },
            Record(3, session: 3, handle: 4) with { Emitter = "two", Plugin = "sip", Room = "c", OpaqueId = "ann" },
            Record(4, session: 3, handle: 4, number: 2) with { Emitter = "two", Outcome = "failed", Reason = "ICE failed" });

        (await SecondsAsync(new())).Should().Equal(1, 2, 3, 4);
        (await SecondsAsync(new() { From = Day.AddSeconds(2), To = Day.AddSeconds(4).ToOffset(TimeSpan.FromHours(2)) })).Should().Equal(2, 3);
        (await SecondsAsync(new() { Emitter = "two" })).Should().Equal(3, 4);
        (await SecondsAsync(new() { Plugin = "videoroom" })).Should().Equal(1, 2);
        (await SecondsAsync(new() { Room = "1" })).Should().Equal(1, 2);
        (await SecondsAsync(new() { Room = "' OR '1'='1" })).Should().BeEmpty();
        (await SecondsAsync(new() { Outcome = "failed" })).Should().Equal(4);
        (await SecondsAsync(new() { Reason = "ICE failed" })).Should().Equal(2, 4);
        (await SecondsAsync(new() { Participant = "6" })).Should().Equal(2);
        (await SecondsAsync(new() { OpaqueId = "ann" })).Should().Equal(1, 3);
        (await SecondsAsync(new() { SessionId = 3 })).Should().Equal(2, 3, 4);
        (await SecondsAsync(new() { SessionId = 3, HandleId = 2 })).Should().Equal(2);
        (await SecondsAsync(new() { Limit = 2 })).Should().Equal(1, 2);
        (await SecondsAsync(new() { Limit = 2, Order = EventOrder.NewestFirst })).Should().Equal(4, 3);
        (await SecondsAsync(new() { SessionId = 3, Reason = "ICE failed", Limit = 1, Order = EventOrder.NewestFirst })).Should().Equal(4);

        async Task<IEnumerable<double>> SecondsAsync(PeerConnectionQuery query) => (await host.RecordsAsync(query)).Select(r => (r.Ended - Day).TotalSeconds);
    }

    [Fact]
    public async Task A_query_that_means_nothing_is_refused()
    {
        var host = await StartHostAsync();
        var store = host.Services.GetRequiredService<IPeerConnectionStore>();

        FluentActions.Invoking(() => store.ReadAsync(new PeerConnectionQuery { Limit = 0 })).Should().Throw<ArgumentException>().WithMessage("PeerConnectionQuery.Limit must be at least 1*");
        FluentActions.Invoking(() => store.ReadAsync(new PeerConnectionQuery { Order = (EventOrder)9 })).Should().Throw<ArgumentException>();
        await FluentActions.Invoking(() => store.SummarizeAsync(new PeerConnectionQuery(), (PeerConnectionGrouping)9)).Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Summaries_count_and_have_percentiles()
    {
        var host = await StartHostAsync();
        await host.AddAsync(
        [
            .. Enumerable.Range(1, 100).Select(i => Up(i, i) with { Emitter = "one", Plugin = "videoroom", Room = "1" }),
            .. Enumerable.Range(1, 3).Select(i => Up(3600 + i, 1000 * i, session: 2) with { Plugin = "sip", Room = "2", Outcome = "dropped" }),
            Record(3700, session: 3) with { Outcome = "failed", Plugin = "sip", Room = "2" },
            Record(7300, session: 4) with { Outcome = "abandoned" },
        ]);

        (await SummariesAsync(host, PeerConnectionGrouping.None)).Should().Equal(
            new PeerConnectionSummary { Count = 105, CameUp = 103, Failed = 1, SetupP50Ms = 52, SetupP95Ms = 98 });
        (await SummariesAsync(host, PeerConnectionGrouping.Server)).Should().Equal(
            new PeerConnectionSummary { Count = 5, CameUp = 3, Failed = 1, SetupP50Ms = 2000, SetupP95Ms = 3000 },
            new PeerConnectionSummary { Group = "one", Count = 100, CameUp = 100, SetupP50Ms = 50, SetupP95Ms = 95 });
        (await SummariesAsync(host, PeerConnectionGrouping.Plugin)).Should().Equal(
            new PeerConnectionSummary { Count = 1 },
            new PeerConnectionSummary { Group = "sip", Count = 4, CameUp = 3, Failed = 1, SetupP50Ms = 2000, SetupP95Ms = 3000 },
            new PeerConnectionSummary { Group = "videoroom", Count = 100, CameUp = 100, SetupP50Ms = 50, SetupP95Ms = 95 });
        (await SummariesAsync(host, PeerConnectionGrouping.Room)).Select(s => (s.Group, s.Count)).Should().Equal((null, 1), ("1", 100), ("2", 4));
        (await SummariesAsync(host, PeerConnectionGrouping.Outcome)).Select(s => (s.Group, s.Count, s.SuccessRatio)).Should().Equal(
            ("abandoned", 1, null), ("completed", 100, 1), ("dropped", 3, 1), ("failed", 1, 0));
        (await SummariesAsync(host, PeerConnectionGrouping.Hour)).Select(s => (s.Group, s.Hour, s.Count, s.SuccessRatio)).Should().Equal(
            (null, Day, 100, 1), (null, Day.AddHours(1), 4, 0.75), (null, Day.AddHours(2), 1, null));
        (await SummariesAsync(host, PeerConnectionGrouping.Outcome, new() { From = Day.AddHours(1), To = Day.AddHours(2), Room = "2" }))
            .Select(s => (s.Group, s.Count)).Should().Equal(("dropped", 3), ("failed", 1));
        (await SummariesAsync(host, PeerConnectionGrouping.None, new() { Room = "none" })).Should().BeEmpty();

        static PeerConnectionRecord Up(double ended, int setupMs, long session = 1) =>
            Record(ended, session, number: (int)ended) with { Up = Day, SetupMs = setupMs };
    }

    [Fact]
    public async Task A_database_without_tables_has_no_records_and_gets_its_tables_by_the_first()
    {
        var host = await StartHostAsync();

        (await host.RecordsAsync()).Should().BeEmpty();
        (await host.TroublesAsync()).Should().BeEmpty();
        (await SummariesAsync(host, PeerConnectionGrouping.Hour)).Should().BeEmpty();
        (await host.Monitoring().ReadOpenTroublesAsync(CancellationToken.None)).Should().BeEmpty();
        (await Store.TablesAsync()).Should().BeEmpty();

        await host.AddAsync(Record(1));
        (await host.RecordsAsync()).Should().ContainSingle();
        await Store.QueryAsync("DROP TABLE peerconnections");
        await host.AddAsync(Record(2));
        (await host.RecordsAsync()).Should().ContainSingle().Which.Ended.Should().Be(Day.AddSeconds(2));
    }

    [Fact]
    public async Task An_older_database_gets_the_tables_by_the_upgrade_and_keeps_its_rows()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Plugin(1, "{}")));
        await Store.QueryAsync("DROP TABLE peerconnections; DROP TABLE troubles");
        (await host.Schema.UpgradeScriptAsync()).Should().Contain("peerconnections").And.Contain("troubles").And.NotContain("ALTER");

        var upgrade = await host.Schema.UpgradeAsync();

        (upgrade.CreatedTables, upgrade.ChangedTables, upgrade.MovedRows).Should().BeEquivalentTo((new[] { "peerconnections", "troubles" }, Array.Empty<string>(), 0L));
        upgrade.LeftAlone.Should().BeEmpty();
        (await host.Schema.UpgradeAsync()).DidNothing.Should().BeTrue();
        (await host.Schema.UpgradeScriptAsync()).Should().Contain("Nothing to do");
        (await host.ReadAsync(new EventQuery())).Should().HaveCount(2);
        await host.AddAsync(Record(1));
        (await host.RecordsAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task A_store_that_refuses_a_record_says_so()
    {
        var host = await StartHostAsync();
        await host.AddAsync(Record(1));
        await Store.QueryAsync(Refuse("peerconnections"));

        var failure = await host.AddAsync(Record(2, number: 2)).FailureAsync();

        failure.Should().NotBeNull();
        (await host.RecordsAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Records_and_troubles_go_when_they_are_old_by_their_own_times()
    {
        ShiftedTime time = new();
        var host = await StartHostAsync(
            options =>
            {
                options.Retention.KeepDays = 30;
                options.Retention.Tables["troubles"] = 100;
            },
            services => services.AddSingleton<TimeProvider>(time));
        var now = DateTimeOffset.UtcNow;
        await host.AddAsync(
            [.. Enumerable.Range(1, 2500).Select(i => Record(0, session: i) with { Ended = now.AddDays(-31) }), Record(0, session: 3000) with { Ended = now.AddDays(-29) }]);
        await host.SaveAsync(
            Trouble("a", 0) with { Began = now.AddDays(-101), Ended = now }, Trouble("b", 0) with { Began = now.AddDays(-99) }, Trouble("c", 0) with { Began = now });

        await host.RemoveOldAsync();

        (await host.RecordsAsync()).Should().ContainSingle().Which.Session.Should().Be(3000);
        (await host.TroublesAsync()).Select(t => t.Id).Should().Equal("b", "c");
        time.Advance(TimeSpan.FromDays(2));
        await host.RemoveOldAsync();
        (await host.RecordsAsync()).Should().BeEmpty();
        (await host.TroublesAsync()).Select(t => t.Id).Should().Equal("c");
        host.Log.From(LogLevel.Warning).Should().BeEmpty();
    }

    [Fact]
    public async Task With_a_prefix_the_tables_have_it_too()
    {
        var host = await StartHostAsync(options => options.TablePrefix = "janus_");

        await host.AddAsync(FullRecord());
        await host.SaveAsync(FullTrouble());
        await host.SaveAsync(FullTrouble() with { Ended = Day.AddDays(1), EndedBy = TroubleEnd.Unknown });

        (await CountAsync("janus_peerconnections")).Should().Be(1);
        (await host.TroublesAsync(new TroubleQuery { MinSeverity = TroubleSeverity.Error })).Should().ContainSingle().Which.EndedBy.Should().Be(TroubleEnd.Unknown);
        (await SummariesAsync(host, PeerConnectionGrouping.Hour)).Should().ContainSingle();
    }

    /// <summary>SQL by which a table refuses every row.</summary>
    private string Refuse(string table) => $"CREATE TRIGGER refusing BEFORE INSERT ON {table} FOR EACH ROW {Store.Failing}";

    private static async Task<IReadOnlyList<PeerConnectionSummary>> SummariesAsync(StoreHost host, PeerConnectionGrouping by, PeerConnectionQuery? query = null) =>
        await host.Services.GetRequiredService<IPeerConnectionStore>().SummarizeAsync(query ?? new PeerConnectionQuery(), by);
}
