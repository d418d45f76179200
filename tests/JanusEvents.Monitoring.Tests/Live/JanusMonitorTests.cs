using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Tests.Hosts;
using JanusEvents.Observation;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Monitoring.Tests.Live;

/// <summary>What a snapshot has, and when one is taken.</summary>
public sealed class JanusMonitorTests : IDisposable
{
    private const string Emitter = "edge-1";
    private readonly TestTime _time = new();
    private readonly ServiceProvider _provider;
    private readonly IJanusMonitor _monitor;

    public JanusMonitorTests()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddJanusEvents().AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring();
        _provider = services.BuildServiceProvider();
        _monitor = _provider.GetRequiredService<IJanusMonitor>();
    }

    public void Dispose() => _provider.Dispose();

    [Fact]
    public void Without_calls_and_rooms_a_snapshot_still_counts_and_measures_them()
    {
        SyntheticCall synthetic = new(Emitter, 1);
        Observe(synthetic.Begin(_time.Now));
        for (int second = 1; second <= 5; second++)
        {
            Observe(synthetic.Statistics(_time.Now.AddSeconds(second), second * 100).Cast<MediaStatsEvent>()
                .Select(e => e with { Lost = second * 10, LostByRemote = second * 20 }));
        }

        MonitorSnapshot small = _monitor.Read(MonitorParts.None);
        MonitorSnapshot whole = _monitor.Read();

        small.Calls.Should().BeEmpty();
        small.Rooms.Should().BeEmpty();
        CallState call = whole.Calls.Should().ContainSingle().Subject;
        whole.Rooms.Should().ContainSingle().Which.Participants.Should().ContainSingle().Which.Display.Should().Be("Carol");
        small.Totals.Should().Be(whole.Totals).And.Match<MonitorTotals>(totals => totals.PeerConnections == 1 && totals.Rooms == 1);
        small.News.Should().Equal(whole.News).And.Contain(news => news.Kind == MonitorNewsKind.Up && news.Call == call.Key && news.Display == "Carol")
            .And.Contain(news => news.Kind == MonitorNewsKind.Joined && news.Display == "Carol" && news.Room == SyntheticCall.Room);
        ServerState server = small.Servers.Should().ContainSingle().Subject;

        // Of four closed rounds the first has none before it to tell what was lost since.
        server.LossOut.Should().BeApproximately(60 / 400.0, 0.001);
        server.LossIn.Should().BeApproximately(30 / 430.0, 0.001);
        call.Media.Should().HaveCount(2).And.OnlyContain(medium => Math.Abs(medium.LossOut - server.LossOut) < 0.001 && Math.Abs(medium.LossIn - server.LossIn) < 0.001);
    }

    [Fact]
    public void One_snapshot_a_second_serves_all_who_ask_for_different_parts()
    {
        Observe(new SyntheticCall(Emitter, 1).Begin(_time.Now));
        MonitorSnapshot whole = _monitor.Read(MonitorParts.None);
        for (int second = 0; second < 4; second++)
        {
            _monitor.Read(MonitorParts.None);
            _monitor.Read(MonitorParts.Rooms);
            whole = _monitor.Read(MonitorParts.Calls);
            _time.Now += TimeSpan.FromSeconds(1);
        }

        whole.Sequence.Should().Be(3 + 3, "three in the first second, and then one a second with what each of them asks for");
        whole.Calls.Should().ContainSingle();
        whole.Rooms.Should().ContainSingle();

        _time.Now += TimeSpan.FromSeconds(3);
        _monitor.Read(MonitorParts.None).Calls.Should().BeEmpty("nobody asks for calls any more");
    }

    [Fact]
    public void The_news_are_the_latest_twenty()
    {
        foreach (int number in Enumerable.Range(1, 30).OrderBy(n => n * 7 % 30))
            Observe(new SyntheticCall(Emitter, number).Begin(_time.Now.AddSeconds(number)));

        IReadOnlyList<MonitorNews> news = _monitor.Read(MonitorParts.None).News;

        news.Should().HaveCount(20).And.BeInDescendingOrder(n => n.At);
        news.Where(n => n.Kind == MonitorNewsKind.Up).Select(n => n.Call!.Value.Session).Should().Equal(Enumerable.Range(0, 10).Select(i => 1_000_030L - i));
    }

    [Fact]
    public void The_rate_is_over_the_time_since_the_last_count_however_many_snapshots_there_were()
    {
        Intake intake = _provider.GetRequiredService<Intake>();
        Receive(10);
        _monitor.Read(MonitorParts.None);
        _time.Now += TimeSpan.FromSeconds(0.1);
        _monitor.Read(MonitorParts.Calls);
        Receive(22);
        _time.Now += TimeSpan.FromSeconds(1);

        _monitor.Read(MonitorParts.None).Servers.Should().ContainSingle().Which.EventsPerSecond.Should().BeApproximately(20, 0.01);

        _time.Now += TimeSpan.FromSeconds(0.1);
        _monitor.Read().Servers.Should().ContainSingle().Which.EventsPerSecond.Should().BeApproximately(20, 0.01);

        void Receive(int events)
        {
            ReceivedBody body = ReceivedBody.FromEvents([.. Enumerable.Range(1, events).Select(id => Created(id + (intake.Events * 100)))], _time.Now);
            intake.Record(body);
            _provider.GetRequiredService<MonitoredServers>().Observe(body);
        }
    }

    private SessionEvent Created(long id) => new() { Emitter = Emitter, Timestamp = _time.Now, SessionId = id, Name = SessionStates.Created };

    private void Observe(IEnumerable<JanusEvent> events) =>
        _provider.GetRequiredService<MonitoredServers>().Observe(ReceivedBody.FromEvents([.. events], _time.Now));
}
