using JanusEvents.Monitoring.State;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Monitoring.Tests;

/// <summary>What the servers tell of themselves, as a listener sees it.</summary>
public sealed class JanusMetricsTests : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);
    private readonly TestTime _clock = new() { Now = s_start };
    private DeliveryHost _host = null!;
    private Measurements _measured = null!;
    private int _bodies;

    public async ValueTask InitializeAsync()
    {
        _host = await DeliveryHost.StartAsync(b => b.AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring(), time: _clock);
        _measured = new Measurements(_host.Services);
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _measured.Dispose();

    [Fact]
    public async Task What_is_open_follows_the_events_and_ends_with_the_session()
    {
        await SendAsync(Created(1), Created(2), Attached(1, 11), Attached(1, 12, "janus.plugin.audiobridge"), Attached(2, 21));
        await SendAsync(Up(1, 11), Up(1, 12), Up(2, 21));

        Sessions().Should().Be(2);
        _measured.Now("janus.handles").Should().Be(3);
        _measured.Now("janus.handles", ("janus.plugin", "janus.plugin.videoroom"), ("janus.emitter", "a")).Should().Be(2);
        Connections().Should().Be(3);

        await SendAsync(Hangup(1, 11), Detached(1, 12));
        Connections().Should().Be(1);
        _measured.Now("janus.handles", ("janus.plugin", "janus.plugin.audiobridge")).Should().Be(0);
        await SendAsync(new SessionEvent { Emitter = "a", SessionId = 1, Name = "destroyed" });
        await SendAsync(new SessionEvent { Emitter = "a", SessionId = 2, Name = "timeout" });
        Sessions().Should().Be(0);
        _measured.Now("janus.handles").Should().Be(0);
        Connections().Should().Be(0);
    }

    [Fact]
    public async Task What_arrives_after_the_end_opens_nothing_and_what_comes_twice_changes_nothing()
    {
        await SendAsync(Created(1), Attached(1, 11), Up(1, 11));
        await SendAsync(Created(1), Attached(1, 11), Up(1, 11));
        (Sessions(), Connections()).Should().Be((1, 1));

        SessionEvent destroyed = new() { Emitter = "a", SessionId = 1, Name = "destroyed" };
        await SendAsync(destroyed, Stats(1, 11), Detached(1, 11), destroyed, Attached(1, 12), Up(1, 11));
        (Sessions(), Connections()).Should().Be((0, 0));
    }

    [Fact]
    public async Task A_server_that_starts_again_has_nothing_open_and_another_keeps_what_it_has()
    {
        await SendAsync(Created(1), Attached(1, 11), Up(1, 11), Created(5) with { Emitter = "b" });
        await SendAsync(new CoreEvent { Emitter = "a", Subtype = 1, Status = "started" }, Created(2));

        _measured.Now("janus.sessions", ("janus.emitter", "a")).Should().Be(1);
        _measured.Now("janus.sessions", ("janus.emitter", "b")).Should().Be(1);
        Connections().Should().Be(0);
    }

    [Fact]
    public async Task A_call_that_began_before_this_host_is_known_by_its_statistics()
    {
        await SendAsync(Stats(1, 11), Stats(1, 11) with { Media = "video" });
        (Sessions(), Connections()).Should().Be((1, 1));
        await SendAsync(new PluginEvent { Emitter = "a", SessionId = 1, HandleId = 11, Plugin = "janus.plugin.sip" });
        _measured.Now("janus.handles", ("janus.plugin", "janus.plugin.sip")).Should().Be(1);
        await SendAsync(Hangup(1, 11), Stats(1, 11));
        Connections().Should().Be(0);
    }

    [Fact]
    public async Task What_never_ended_in_so_many_words_is_forgotten_but_not_while_the_whole_server_is_silent()
    {
        await SendAsync(Created(1), Created(2), Attached(2, 21), Up(2, 21), Stats(2, 21), Attached(1, 11), Detached(1, 11));
        _clock.Now = s_start.AddHours(2);
        (Sessions(), Connections()).Should().Be((2, 1), "the server has said nothing since");

        await SendAsync(Created(3));
        _clock.Now = s_start.AddHours(2).AddMinutes(2);
        (Sessions(), Connections()).Should().Be((2, 0), "its other events came without statistics and without handles of session 1");
        _clock.Now = s_start.AddDays(2);
        Sessions().Should().Be(0);
    }

    [Fact]
    public async Task An_event_of_a_body_that_comes_again_is_counted_once()
    {
        ReceivedBody body = ReceivedBody.FromEvents([Created(1), Hangup(1, 11), Stats(1, 12)], s_start);
        ReceivedBody again = ReceivedBody.FromEvents([Created(1), Hangup(1, 11), Stats(1, 12)], s_start);
        (await _host.DeliverAsync(body)).Should().BeTrue();
        (await _host.DeliverAsync(again)).Should().BeTrue();

        await Wait.UntilAsync(() => _measured.Sum("janus_events.duplicates") == 1, Wait.Limit, "the duplicate");
        _measured.Sum("janus_events.bodies").Should().Be(2);
        _measured.Sum("janus_events.events").Should().Be(3);
        _measured.Sum("janus_events.events", ("janus_events.event.kind", "media_stats"), ("janus.emitter", "a")).Should().Be(1);
        _measured.Sum("janus.hangups").Should().Be(1);
    }

    [Fact]
    public async Task Failures_and_slow_links_are_counted()
    {
        await SendAsync(
            new IceStateEvent { Emitter = "a", SessionId = 1, HandleId = 11, State = "failed" },
            new DtlsEvent { Emitter = "a", SessionId = 1, HandleId = 11, State = "failed" },
            Hangup(1, 11) with { Reason = "DTLS timeout" },
            Hangup(1, 12) with { Reason = "DTLS alert" },
            Hangup(1, 13) with { Reason = "of another release" },
            new SlowLinkEvent { Emitter = "a", SessionId = 1, HandleId = 11, Media = "video", SlowLink = "uplink" });

        _measured.Sum("janus.ice.failures", ("janus.emitter", "a")).Should().Be(1);
        _measured.Sum("janus.dtls.failures").Should().Be(2);
        _measured.Sum("janus.hangups", ("janus.hangup.reason", "DTLS alert")).Should().Be(1);
        _measured.Sum("janus.hangups", ("janus.hangup.reason", "other")).Should().Be(1);
        _measured.Sum("janus.slow_links", ("janus.media", "video"), ("janus.direction", "uplink")).Should().Be(1);
    }

    [Fact]
    public async Task Media_are_measured_every_ten_seconds_and_loss_since_the_last_time()
    {
        for (int second = 0; second <= 25; second++)
        {
            await SendAsync(Stats(1, 11) with
            {
                Timestamp = s_start.AddSeconds(second),
                Rtt = second == 20 ? 65_535_000 : 40,
                JitterLocal = 3,
                JitterRemote = 7,
                PacketsReceived = 90 * second,
                Lost = 10 * second,
                PacketsSent = 200 * second,
                LostByRemote = 0,
            });
        }

        _measured.Of("janus.rtt", ("janus.media", "audio")).Should().Equal(0.04, 0.04);
        _measured.Of("janus.jitter", ("janus.side", "local")).Should().Equal(0.003, 0.003);
        _measured.Of("janus.jitter", ("janus.side", "remote")).Should().Equal(0.007, 0.007);
        _measured.Of("janus.packet_loss", ("janus.side", "local")).Should().Equal(0.1, 0.1);
        _measured.Of("janus.packet_loss", ("janus.side", "remote")).Should().Equal(0.0, 0.0);
    }

    [Fact]
    public async Task However_many_servers_and_plugins_there_are_the_tags_stay_few()
    {
        for (int i = 0; i < 300; i++)
            await SendAsync(Created(i) with { Emitter = $"server {i}" }, Attached(i, 1000 + i, $"plugin {i}") with { Emitter = $"server {i}" });
        await SendAsync(new CoreEvent { Emitter = "server 299", Subtype = 1, Status = "started" });

        Sessions().Should().Be(300, "one of those that are not told apart cannot end what the others have");
        _measured.Now("janus.handles", ("janus.plugin", "other")).Should().Be(300 - MonitoredServers.MaxPlugins);
        _measured.Now("janus.sessions", ("janus.emitter", "other")).Should().Be(300 - MonitoredServers.MaxServers);
        _measured.TagsOf("janus_events.events").Select(t => t["janus.emitter"]).Distinct().Should().HaveCount(MonitoredServers.MaxServers + 1);
        _measured.TagsOf("janus.handles").Select(t => t["janus.plugin"]).Distinct().Should().HaveCount(MonitoredServers.MaxPlugins + 1);
    }

    [Fact]
    public async Task No_more_is_followed_than_fits()
    {
        MonitoredServers servers = _host.Services.GetRequiredService<MonitoredServers>();
        for (int i = 0; i < 30; i++)
        {
            int first = i * 10_000;
            servers.Observe(ReceivedBody.FromEvents([.. Enumerable.Range(first, 10_000).Select(n => Created(n + 1))], s_start));
        }

        Sessions().Should().Be(MonitoredServers.MaxFollowed);
        await SendAsync(new CoreEvent { Emitter = "a", Subtype = 2, Status = "shutdown" });
        Sessions().Should().Be(0);
        await SendAsync(Created(1), Attached(1, 2));
        (Sessions(), _measured.Now("janus.handles")).Should().Be((1, 1));
    }

    private static SessionEvent Created(long session) => new() { Emitter = "a", SessionId = session, Name = "created" };

    private static HandleEvent Attached(long session, long handle, string plugin = "janus.plugin.videoroom") =>
        new() { Emitter = "a", SessionId = session, HandleId = handle, Name = "attached", Plugin = plugin };

    private static HandleEvent Detached(long session, long handle) =>
        new() { Emitter = "a", SessionId = session, HandleId = handle, Name = "detached" };

    private static ConnectionEvent Up(long session, long handle) =>
        new() { Emitter = "a", SessionId = session, HandleId = handle, State = "webrtcup" };

    private static ConnectionEvent Hangup(long session, long handle) =>
        new() { Emitter = "a", SessionId = session, HandleId = handle, State = "hangup", Reason = "Close PC" };

    private static MediaStatsEvent Stats(long session, long handle) =>
        new() { Emitter = "a", SessionId = session, HandleId = handle, Media = "audio" };

    private double Sessions() => _measured.Now("janus.sessions");

    private double Connections() => _measured.Now("janus.peer_connections");

    /// <summary>Sends a body that differs from all others, and waits until it was looked at.</summary>
    private async Task SendAsync(params JanusEvent[] events)
    {
        double before = _measured.Sum("janus_events.events");
        JanusEvent[] all = [.. events, new TransportEvent { Emitter = events[0].Emitter, Id = $"{_bodies++}" }];
        (await _host.DeliverAsync(ReceivedBody.FromEvents(all, _clock.Now))).Should().BeTrue();
        await Wait.UntilAsync(() => _measured.Sum("janus_events.events") >= before + all.Length, Wait.Limit, "the body to be looked at");
    }
}
