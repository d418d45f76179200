using JanusEvents.Monitoring.State;
using JanusEvents.Observation;
using Microsoft.Extensions.Hosting;

namespace JanusEvents.Monitoring.Detection;

/// <summary>Lets time pass for the state of the servers, so that what fails to come is noticed.</summary>
internal sealed class StateTicks(MonitoredServers servers, Intake intake, Observers observers, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                observers.Run(servers.Name, Tick, servers);
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private void Tick(MonitoredServers all)
    {
        Dictionary<string, DateTimeOffset> arrived = intake.ReadEmitters().ToDictionary(e => e.Emitter ?? string.Empty, e => e.LastAt, StringComparer.Ordinal);
        all.Tick(name => arrived.TryGetValue(name, out DateTimeOffset at) ? at : null);
    }
}
