using System.Diagnostics;
using System.Globalization;
using JanusEvents.Relational.Retention;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests;

/// <summary>Old rows are removed when that is asked for, and only they.</summary>
public abstract class RetentionTests(TestStores stores) : StoreTests(stores)
{
    private const long Year = 365L * 24 * 60 * 60 * 1_000_000;
    private static readonly TimeSpan s_limit = Wait.Limit;
    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task Rows_go_when_they_are_old_by_their_arrival_whatever_their_own_times_say()
    {
        var host = await StartAsync(o => o.Retention.KeepDays = 30);
        await host.WriteAsync(Bodies.Of(Bodies.Session(1, time: Bodies.Time + (50 * Year)), Bodies.Plugin(1, "{}")));
        await PassAsync(host, TimeSpan.FromDays(29));
        await host.WriteAsync(Bodies.Of(Bodies.Session(2, time: 1_000_000), Bodies.Event(1, "\"session_id\":3", "\"name\":\"x\"", -1)));
        await host.RemoveOldAsync();
        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2", "3");

        await PassAsync(host, TimeSpan.FromDays(2));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("2", "3");
        (await CountAsync("plugins")).Should().Be(0);
        (await host.ReadAsync(new EventQuery())).Should().HaveCount(2);
        await PassAsync(host, TimeSpan.FromDays(29));
        (await CountAsync("sessions")).Should().Be(0);
        host.Log.From(LogLevel.Warning).Should().BeEmpty();
    }

    [Fact]
    public async Task Tables_have_their_own_days()
    {
        var host = await StartAsync(o =>
        {
            o.Retention.KeepDays = 30;
            o.Retention.Tables["Sessions"] = 100;
            o.Retention.Tables["plugins"] = 2;
        });
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Plugin(1, "{}"), Bodies.Sdp(1, "v=0")));

        await PassAsync(host, TimeSpan.FromDays(3));
        (await CountsAsync()).Should().Equal(1, 0, 1);
        await PassAsync(host, TimeSpan.FromDays(28));
        (await CountsAsync()).Should().Equal(1, 0, 0);
        await PassAsync(host, TimeSpan.FromDays(70));
        (await CountsAsync()).Should().Equal(0, 0, 0);

        async Task<int[]> CountsAsync() => [await CountAsync("sessions"), await CountAsync("plugins"), await CountAsync("sdps")];
    }

    [Fact]
    public async Task Only_tables_that_are_named_lose_rows_when_no_days_are_set_for_all()
    {
        var host = await StartAsync(o => o.Retention.Tables["plugins"] = 2);
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Plugin(1, "{}")));

        await PassAsync(host, TimeSpan.FromDays(1000));

        (await CountAsync("plugins")).Should().Be(0);
        (await CountAsync("sessions")).Should().Be(1);
    }

    [Fact]
    public async Task Nothing_is_removed_by_default()
    {
        var host = await StartAsync(_ => { });
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        _time.Advance(TimeSpan.FromDays(10_000));
        await host.WriteAsync(Bodies.Of(Bodies.Session(2)));

        host.Services.GetServices<IHostedService>().OfType<RetentionTask>().Should().BeEmpty();
        (await CountAsync("sessions")).Should().Be(2);
        (await CountAsync("arrivals")).Should().Be(0);
    }

    [Fact]
    public async Task Rows_that_were_there_before_anybody_took_notes_are_judged_by_their_own_times()
    {
        var now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / 10;
        const long Day = Year / 365;
        await using (var before = await StartAsync(_ => { }))
        {
            await before.WriteAsync(Bodies.Of(
                Bodies.Session(1, time: now - (50 * Day)),
                """{"type":1,"session_id":2,"event":{"name":"has no time"}}""",
                Bodies.Session(3, time: now - (40 * Day)),
                """{"type":1,"session_id":4,"event":{"name":"may be new"}}""",
                Bodies.Session(5, time: now - (20 * Day)),
                Bodies.Session(6, time: now - (40 * Day)),
                Bodies.Session(7, time: now)));
        }

        var host = await StartAsync(o => o.Retention.KeepDays = 30);
        await host.RemoveOldAsync();
        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("4", "5", "6", "7");

        await PassAsync(host, TimeSpan.FromDays(15));
        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("7");
        await host.WriteAsync(Bodies.Of(Bodies.Session(8, time: 1)));
        await PassAsync(host, TimeSpan.FromDays(20));
        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("8");
    }

    [Fact]
    public async Task Rows_go_in_small_steps_that_hold_up_no_writer()
    {
        var host = await StartAsync(o => o.Retention.Tables["sessions"] = 1);
        var events = Enumerable.Range(1, 100).Select(n => Bodies.Session(n)).ToArray();
        for (var batch = 0; batch < 20; batch++)
            await host.WriteAsync([.. Enumerable.Range(0, 10).Select(n => Bodies.Of([.. events, Bodies.Session((batch * 10) + n + 1000)]))]);
        var old = await CountAsync("sessions");
        await PassAsync(host, TimeSpan.FromHours(2));
        (await CountAsync("sessions")).Should().Be(old);

        _time.Advance(TimeSpan.FromHours(24));
        var written = 0;
        var removed = host.RemoveOldAsync();
        do
            await host.WriteAsync(Bodies.Of(Bodies.Plugin(written++, "{}")));
        while (!removed.IsCompleted);
        await removed;

        (await CountAsync("sessions")).Should().Be(0);
        (await CountAsync("plugins")).Should().Be(written);
        written.Should().BeGreaterThan(3, "writes come in between the steps");
        Removed(host, "sessions").Should().OnlyContain(rows => rows <= 1000).And.HaveCountGreaterOrEqualTo(old / 1000);
    }

    [Fact]
    public async Task An_event_of_several_rows_never_loses_some_of_them_first()
    {
        var host = await StartAsync(o => o.Retention.KeepDays = 30);
        const string Media = """{"media":"audio"},{"media":"video"},{"media":"data"}""";
        var e = $$$"""{"type":32,"subtype":3,"timestamp":{{{Bodies.Time}}},{{{Bodies.OfHandle(1)}}},"event":[{{{Media}}}]}""";
        await host.WriteAsync(Bodies.Of([.. Enumerable.Repeat(e, 400)]));

        await PassAsync(host, TimeSpan.FromDays(31));

        Removed(host, "stats").Should().Equal(999, 201);
        (await CountAsync("stats")).Should().Be(0);
    }

    [Fact]
    public async Task Facts_go_with_their_events()
    {
        var host = await StartAsync(o => o.Retention.KeepDays = 30);
        await host.WriteAsync(Bodies.Of([.. Enumerable.Range(0, 600).Select(Join)]));
        var facts = await CountAsync("facts");
        facts.Should().BeGreaterThan(500);
        await PassAsync(host, TimeSpan.FromDays(29));
        await host.WriteAsync(Bodies.Of(Join(1000)));
        (await CountAsync("facts")).Should().BeGreaterThan(facts);

        await PassAsync(host, TimeSpan.FromDays(2));

        (await CountAsync("plugins")).Should().Be(1);
        (await ColumnAsync("SELECT DISTINCT arrival FROM facts")).Should().Equal(await ColumnAsync("SELECT id FROM plugins"));
        host.Log.From(LogLevel.Warning).Should().BeEmpty();

        static string Join(int n) => Bodies.Event(
            64,
            Bodies.OfHandle(n),
            $$"""
            "plugin":"janus.plugin.videoroom","data":{"event":"joined","room":1234,"id":{{n}},"display":"somebody"}
            """);
    }

    [Fact]
    public async Task Several_hosts_on_one_database_remove_each_row_once()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(o => o.Retention.KeepDays = 30)));
        var events = Enumerable.Range(1, 100).Select(n => Bodies.Session(n)).ToArray();
        for (var batch = 0; batch < 40; batch++)
            await hosts[batch % 3].WriteAsync(Bodies.Of([.. events, Bodies.Plugin(batch, "{}")]));
        _time.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(hosts.Select(h => h.RemoveOldAsync()));

        _time.Advance(TimeSpan.FromDays(31));
        await Wait.UntilAsync(async () => await CountAsync("sessions") + await CountAsync("plugins") == 0, s_limit, "all rows to be gone");
        await Task.WhenAll(hosts.Select(h => h.RemoveOldAsync()));

        hosts.SelectMany(h => Removed(h, "sessions")).Sum().Should().Be(4000);
        hosts.SelectMany(h => h.Log.From(LogLevel.Warning)).Should().BeEmpty();
    }

    [Fact]
    public async Task After_a_failure_it_goes_on()
    {
        var host = await StartAsync(o => o.Retention.KeepDays = 30);
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Plugin(1, "{}")));
        await PassAsync(host, TimeSpan.FromHours(2));

        await Store.QueryAsync($"CREATE TRIGGER forbidden BEFORE DELETE ON sessions FOR EACH ROW {Store.Failing}");
        _time.Advance(TimeSpan.FromDays(31));
        await Wait.UntilAsync(() => host.Log.From(LogLevel.Warning).Any(), s_limit, "a failure to be logged");
        (await CountAsync("sessions")).Should().Be(1);
        await host.WriteAsync(Bodies.Of(Bodies.Session(2)));
        await Store.QueryAsync("DROP TRIGGER forbidden");
        await host.RemoveOldAsync();

        (await ColumnAsync("SELECT session FROM sessions")).Should().Equal("2");
        host.Log.From(LogLevel.Warning).Should().OnlyContain(line => line.StartsWith("Old rows could not be removed"));
    }

    [Fact]
    public async Task Notes_of_rows_that_are_gone_go_too()
    {
        var host = await StartAsync(o => o.Retention.KeepDays = 1);
        for (var time = 0; time < 9; time++)
        {
            await host.WriteAsync(Bodies.Of(Bodies.Session(time)));
            await PassAsync(host, TimeSpan.FromHours(4));
        }

        (await CountAsync("sessions")).Should().BeInRange(5, 8);
        (await ColumnAsync("SELECT count(*) FROM arrivals WHERE tablename = 'sessions'"))
            .Should().ContainSingle().Which.Should().Match(n => int.Parse(n!, CultureInfo.InvariantCulture) <= 8);
    }

    /// <summary>Starts a host whose time the test moves.</summary>
    protected Task<StoreHost> StartAsync(Action<EventStoreOptions> configure) =>
        StartHostAsync(configure, services => services.AddSingleton<TimeProvider>(_time));

    /// <summary>Lets time pass: the host notes what has arrived before, and removes what is old afterwards.</summary>
    private async Task PassAsync(StoreHost host, TimeSpan time)
    {
        _time.Advance(TimeSpan.FromMinutes(61));
        await host.RemoveOldAsync();
        _time.Advance(time - TimeSpan.FromMinutes(61));
        await host.RemoveOldAsync();
    }

    private static List<int> Removed(StoreHost host, string table) =>
    [
        .. host.Log.From(LogLevel.Debug)
            .Where(line => line.StartsWith("Removed ") && line.EndsWith($" old rows of table {table}."))
            .Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)),
    ];
}
