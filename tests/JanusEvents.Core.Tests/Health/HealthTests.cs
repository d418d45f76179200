using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanusEvents.Core.Tests.Health;

/// <summary>What the health check reports of sinks. No database is needed for that.</summary>
public sealed class HealthTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly TestTime _clock = new();

    [Fact]
    public async Task A_sink_that_fails_makes_it_unhealthy_until_it_stores_again()
    {
        ControlledSink sink = new();
        await using DeliveryHost host = await StartAsync(b => b.AddSink(sink));
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy, "nothing was written");

        Task<bool> body = host.DeliverAsync(NumberedBody.Of(1));
        (await sink.NextAsync()).Fail();
        HeldWrite again = await sink.NextAsync();
        HealthReportEntry failing = await host.CheckHealthAsync();
        again.Store();
        (await body).Should().BeTrue();

        failing.Status.Should().Be(HealthStatus.Unhealthy);
        failing.Description.Should().Contain("Sink ControlledSink could not store").And.Contain("senders keep their events");
        failing.Data["sink.ControlledSink"].Should().Be("failing: 1 times, last System.IO.IOException");
        HealthReportEntry works = await host.CheckHealthAsync();
        works.Status.Should().Be(HealthStatus.Healthy);
        works.Data["sink.ControlledSink"].Should().Be("works");
        works.Data["sink.ControlledSink.last_stored"].Should().Be(_clock.Now);
    }

    [Fact]
    public async Task A_failure_of_which_nobody_waits_for_the_end_is_over_after_a_while()
    {
        ControlledSink sink = new();
        await using DeliveryHost host = await StartAsync(b => b.AddSink(sink));
        using CancellationTokenSource giveUp = new();
        Task<bool> body = host.DeliverAsync(NumberedBody.Of(1), giveUp.Token);
        HeldWrite write = await sink.NextAsync();
        await giveUp.CancelAsync();
        (await body).Should().BeFalse();
        write.Fail();

        await Wait.UntilAsync(async () => (await host.CheckHealthAsync()).Status == HealthStatus.Unhealthy, s_limit, "the failure");
        _clock.Now += TimeSpan.FromMinutes(2);
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_sink_that_is_not_required_degrades_only_and_the_failure_status_is_the_hosts_to_choose()
    {
        ControlledSink extra = new();
        ControlledSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b => b.AddSink(sink).AddSink(extra, o => o.Required = false)
                .Services.AddHealthChecks().AddJanusEvents("events", HealthStatus.Degraded, ["ready"]),
            time: _clock);
        Task<bool> body = host.DeliverAsync(NumberedBody.Of(1));
        (await sink.NextAsync()).Store();
        (await body).Should().BeTrue();
        (await extra.NextAsync()).Fail();

        await Wait.UntilAsync(async () => (await host.CheckHealthAsync()).Status == HealthStatus.Degraded, s_limit, "the failure");
        (await host.CheckHealthAsync()).Tags.Should().Equal("ready");
        _ = host.DeliverAsync(NumberedBody.Of(2));
        (await sink.NextAsync()).Fail();
        HeldWrite again = await sink.NextAsync();
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Degraded, "that is the failure status here");
        again.Store();
    }

    [Fact]
    public void Options_out_of_their_ranges_are_refused_with_the_name_and_the_range()
    {
        IHealthChecksBuilder builder = new ServiceCollection().AddHealthChecks();
        foreach ((Action<JanusEventsHealthOptions> configure, string says) in new (Action<JanusEventsHealthOptions>, string)[]
        {
            (o => o.StoreTimeout = TimeSpan.FromMinutes(1), "StoreTimeout is 00:01:00; it must be from 100 ms to 30 s"),
            (o => o.DegradedBacklogAge = TimeSpan.Zero, "DegradedBacklogAge is 00:00:00; it must be more than zero"),
            (o => o.UnhealthyBacklogAge = TimeSpan.FromSeconds(1), "UnhealthyBacklogAge is 00:00:01; it must be at least DegradedBacklogAge"),
        })
        {
            FluentActions.Invoking(() => builder.AddJanusEvents(configure: configure)).Should().Throw<ArgumentException>().WithMessage($"*{says}*");
        }
    }

    [Fact]
    public async Task Without_AddJanusEvents_the_check_says_what_to_add()
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddHealthChecks().AddJanusEvents().Services.BuildServiceProvider();
        HealthCheckService health = services.GetRequiredService<HealthCheckService>();
        await FluentActions.Awaiting(() => health.CheckHealthAsync())
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*AddJanusEvents().AddSqlite(*");
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
