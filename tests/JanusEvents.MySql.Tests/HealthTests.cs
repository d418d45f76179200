using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanusEvents.MySql.Tests;

/// <summary>What the health check says of a MariaDB server that stands still, goes and comes back.</summary>
public sealed class HealthTests
{
    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_server_that_stands_still_or_is_gone_makes_it_unhealthy_within_the_limit_and_healthy_when_it_is_back()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var host = await DeliveryHost.StartAsync(builder => builder
            .AddMySql(database.ConnectionString)
            .Services.AddHealthChecks().AddJanusEvents(configure: o => o.StoreTimeout = TimeSpan.FromSeconds(1)));
        await UntilAsync(host, HealthStatus.Healthy); // No table is needed to answer.

        server.Freeze();
        var frozen = await CheckAsync(host);
        var frozenAgain = await CheckAsync(host);
        server.Thaw();
        await UntilAsync(host, HealthStatus.Healthy);
        await server.StopAsync();
        var stopped = await CheckAsync(host);
        await Wait.UntilAsync(
            async () => (stopped = await CheckAsync(host)).Description!.Contains("The database of MySql cannot be reached", StringComparison.Ordinal),
            Wait.Limit,
            "it to say that nobody listens");
        await server.StartAgainAsync();

        foreach (var entry in new[] { frozen, frozenAgain, stopped })
            entry.Status.Should().Be(HealthStatus.Unhealthy);
        frozen.Data["store.MySql"].Should().Be("has not answered within 1 s");
        await UntilAsync(host, HealthStatus.Healthy);
    }

    private static Task UntilAsync(DeliveryHost host, HealthStatus status) => Wait.UntilAsync(
        async () => (await CheckAsync(host)).Status == status, Wait.Limit, $"it to be {status}");

    private static async Task<HealthReportEntry> CheckAsync(DeliveryHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(Wait.Limit)).Entries.Values.Single();
}
