using JanusEvents.Health;
using JanusEvents.Observation;
using Microsoft.Extensions.Options;

namespace JanusEvents.Monitoring.State;

/// <summary>Reports active servers that have fallen silent.</summary>
internal sealed class SilentServers(Intake intake, MonitoredServers servers, IOptions<MonitoringOptions> options, TimeProvider time) : IHealthSource
{
    private static readonly TimeSpan s_removedAfter = TimeSpan.FromDays(1);

    public void Report(HealthFindings findings)
    {
        if (options.Value.SilentAfter is not { } silentAfter)
            return;

        DateTimeOffset now = time.GetUtcNow();
        HashSet<string> active = [.. servers.Read().Where(s => s.Speaks).Select(s => s.Emitter ?? string.Empty)];
        EmitterIntake[] silent =
        [
            .. intake.ReadEmitters().Where(
                s => now - s.LastAt >= silentAfter && now - s.LastAt < s_removedAfter && active.Contains(s.Emitter ?? string.Empty)),
        ];
        foreach (EmitterIntake server in silent.Take(HealthFindings.MaxServers))
            findings.Degrade($"Server {server.Emitter ?? Labels.Unknown} has been silent for {now - server.LastAt:d\\.hh\\:mm\\:ss}.");
    }
}
