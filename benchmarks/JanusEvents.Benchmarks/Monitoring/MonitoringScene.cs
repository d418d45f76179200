using JanusEvents.Monitoring.State;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Monitoring;

/// <summary>The state of the servers as a host has it, without a host.</summary>
internal sealed class MonitoringScene : IDisposable
{
    private readonly ServiceProvider _provider;

    public MonitoringScene()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddJanusEvents().AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring();
        _provider = services.BuildServiceProvider();
        Servers = _provider.GetRequiredService<MonitoredServers>();
    }

    public MonitoredServers Servers { get; }

    public void Observe(IEnumerable<ReceivedBody> bodies)
    {
        foreach (ReceivedBody body in bodies)
            Servers.Observe(body);
    }

    public void Dispose() => _provider.Dispose();
}
