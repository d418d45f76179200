using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanusEvents.Sqlite.Tests;

/// <summary>What the health check says of a SQLite file and of the spool.</summary>
public sealed class HealthTests : IDisposable
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _clock = new();

    [Fact]
    public async Task A_file_that_is_no_database_makes_it_unhealthy_and_one_that_is_makes_it_healthy()
    {
        string path = _folder["janusevents.db"];
        await File.WriteAllTextAsync(path, new string('x', 10_000));
        await using DeliveryHost host = await StartAsync(b => b.AddSqlite($"Data Source={path};Pooling=False"));
        HealthReportEntry broken = await host.CheckHealthAsync();
        broken.Status.Should().Be(HealthStatus.Unhealthy);
        broken.Description.Should().Contain("The database of Sqlite cannot be reached (SqliteException)");

        File.Delete(path);
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy, "there is one, as yet without tables");
        (await host.DeliverAsync(NumberedBody.Of(1))).Should().BeTrue();
        HealthReportEntry healthy = await host.CheckHealthAsync();
        healthy.Status.Should().Be(HealthStatus.Healthy);
        healthy.Data["store.Sqlite"].As<string>().Should().StartWith("answered within");
    }

    [Fact]
    public async Task The_age_of_the_backlog_degrades_and_then_fails()
    {
        ControlledSink sink = new();
        await using DeliveryHost host = await StartAsync(b => b.AddSink(sink).UseSpool(_folder["spool.db"]));
        (await host.DeliverAsync(NumberedBody.At(_clock.Now, 1))).Should().BeTrue();
        HeldWrite write = await sink.NextAsync();
        using Measurements measured = new(host.Services);

        _clock.Now += TimeSpan.FromSeconds(59);
        HealthReportEntry young = await host.CheckHealthAsync();
        young.Status.Should().Be(HealthStatus.Healthy);
        young.Data["backlog.bodies"].Should().Be(1L);
        young.Data["backlog.age_seconds"].Should().Be(59.0);
        measured.Now("janus_events.spool.backlog").Should().Be(1);
        measured.Now("janus_events.spool.backlog.age").Should().Be(59);
        measured.Now("janus_events.spool.backlog.size").Should().Be(NumberedBody.Of(1).Json.Length);

        _clock.Now += TimeSpan.FromSeconds(1);
        HealthReportEntry old = await host.CheckHealthAsync();
        old.Status.Should().Be(HealthStatus.Degraded);
        old.Description.Should().Contain("The oldest of 1 bodies in the spool waits for 0.00:01:00.");
        _clock.Now += TimeSpan.FromHours(1);
        (await host.CheckHealthAsync()).Status.Should().Be(HealthStatus.Unhealthy);

        write.Store();
        await Wait.UntilAsync(async () => (await host.CheckHealthAsync()).Status == HealthStatus.Healthy, s_limit, "the backlog to be gone");
        measured.Now("janus_events.spool.backlog.age").Should().Be(0);
    }

    [Fact]
    public async Task A_sink_that_fails_behind_a_spool_degrades_only()
    {
        ControlledSink sink = new();
        await using DeliveryHost host = await StartAsync(b => b.AddSink(sink).UseSpool(_folder["spool.db"]));
        (await host.DeliverAsync(NumberedBody.At(_clock.Now, 1))).Should().BeTrue();
        (await sink.NextAsync()).Fail();
        HeldWrite again = await sink.NextAsync();
        HealthReportEntry failing = await host.CheckHealthAsync();
        again.Store();

        failing.Status.Should().Be(HealthStatus.Degraded);
        failing.Description.Should().StartWith("Sink ControlledSink could not store");
        failing.Data["sink.spool"].Should().Be("works");
    }

    [Fact]
    public async Task A_database_that_is_away_behind_a_spool_degrades_only()
    {
        string path = _folder["janusevents.db"];
        await File.WriteAllTextAsync(path, new string('x', 10_000));
        await using DeliveryHost host = await StartAsync(b => b.AddSqlite($"Data Source={path};Pooling=False").UseSpool(_folder["spool.db"]));

        HealthReportEntry away = await host.CheckHealthAsync();
        away.Status.Should().Be(HealthStatus.Degraded);
        away.Description.Should().Contain("events wait in the spool");
    }

    public void Dispose() => _folder.Dispose();

    private Task<DeliveryHost> StartAsync(Action<JanusEventsBuilder> add) =>
        DeliveryHost.StartAsync(
            b =>
            {
                add(b);
                b.Services.AddHealthChecks().AddJanusEvents();
            },
            time: _clock);
}
