using JanusEvents.Monitoring.State;
using JanusEvents.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace JanusEvents.Monitoring.Tests;

/// <summary>What the health check reports of active servers that have fallen silent.</summary>
public sealed class SilentServersTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly TestTime _clock = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_with_calls_or_counters_that_falls_silent_degrades_and_an_idle_one_does_not(bool counters)
    {
        await using DeliveryHost host = await StartAsync(b => b.AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring());
        await SendAsync(host, new SessionEvent { Emitter = "idle", SessionId = 1, Name = "created" });
        await SendAsync(host, counters
            ? new CoreEvent { Emitter = "busy", Subtype = 1, Status = "update" }
            : new MediaStatsEvent { Emitter = "busy", SessionId = 1, HandleId = 2, Media = "audio" });

        _clock.Now += TimeSpan.FromSeconds(119);
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy);
        _clock.Now += TimeSpan.FromSeconds(1);
        HealthReportEntry silent = await host.CheckHealthAsync();
        silent.Status.Should().Be(HealthStatus.Degraded);
        silent.Description.Should().Contain("Server busy has been silent for 0.00:02:00.").And.NotContain("idle");
        silent.Data["server.busy.last_event"].Should().Be(_clock.Now.AddMinutes(-2));
        silent.Data.Should().ContainKey("server.idle.last_event");

        await SendAsync(host, new TransportEvent { Emitter = "busy", Id = "1" });
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy, "it was heard");
        _clock.Now += TimeSpan.FromMinutes(5);
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Degraded);
        await SendAsync(host, new CoreEvent { Emitter = "busy", Subtype = 2, Status = "shutdown" });
        _clock.Now += TimeSpan.FromMinutes(5);
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy, "it said that it ends");
    }

    [Fact]
    public async Task A_server_that_is_silent_for_a_day_was_taken_away_and_silence_can_be_left_out()
    {
        await using DeliveryHost host = await StartAsync(b => b.AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring());
        await using DeliveryHost deaf = await DeliveryHost.StartAsync(
            b => b.AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring(o => o.SilentAfter = null).Services.AddHealthChecks().AddJanusEvents(),
            time: _clock);
        foreach (DeliveryHost one in new[] { host, deaf })
            await SendAsync(one, new CoreEvent { Emitter = "busy", Subtype = 1, Status = "update" });

        _clock.Now += TimeSpan.FromHours(23);
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Degraded);
        (await deaf.CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy);
        _clock.Now += TimeSpan.FromHours(1);
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy);
    }

    [Fact]
    public async Task The_silence_is_read_from_the_configuration_and_must_be_in_its_range()
    {
        await using ServiceProvider right = Services("00:05:00");
        right.GetRequiredService<IOptions<MonitoringOptions>>().Value.SilentAfter.Should().Be(TimeSpan.FromMinutes(5));

        await using ServiceProvider wrong = Services("00:00:01");
        FluentActions.Invoking(() => wrong.GetRequiredService<IOptions<MonitoringOptions>>().Value)
            .Should().Throw<OptionsValidationException>().WithMessage("JanusEvents:Monitoring:SilentAfter is 00:00:01; it must be at least 00:00:10.");
    }

    private static ServiceProvider Services(string silentAfter)
    {
        ServiceCollection services = new();
        services.AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("JanusEvents:Monitoring:SilentAfter", silentAfter)]).Build());
        services.AddJanusEvents().AddMonitoring();
        return services.BuildServiceProvider();
    }

    private static async Task SendAsync(DeliveryHost host, JanusEvent e)
    {
        // The clock makes each body another one.
        DateTimeOffset now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        (await host.DeliverAsync(ReceivedBody.FromEvents([e, new TransportEvent { Emitter = e.Emitter, Id = $"{now.Ticks}" }], now))).Should().BeTrue();
        await Wait.UntilAsync(
            () => host.Services.GetRequiredService<MonitoredServers>().Read().Any(s => s.Emitter == e.Emitter),
            s_limit,
            "the body to be looked at");
    }

    private Task<DeliveryHost> StartAsync(Action<JanusEventsBuilder> add) =>
        DeliveryHost.StartAsync(
            b =>
            {
                add(b);
                b.Services.AddHealthChecks().AddJanusEvents();
            },
            time: _clock);
}
