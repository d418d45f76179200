using JanusEvents.Health;
using JanusEvents.Monitoring.Servers;
using JanusEvents.Observation;
using JanusEvents.Settings;
using JanusEvents;
using Microsoft.Extensions.Configuration;

#pragma warning disable IDE0130 // Where every AddX extension of the builder is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Adds monitoring of the Janus servers.</summary>
public static class JanusEventsMonitoringExtensions
{
    /// <summary>
    /// Follows the state of the Janus servers from their events: the instruments <c>janus.*</c> (sessions, handles,
    /// PeerConnections, hang-ups, failures, round-trip time, jitter, loss) and, in the health check of
    /// <c>AddHealthChecks().AddJanusEvents()</c>, active servers that have fallen silent. May be called more than once.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    public static JanusEventsBuilder AddMonitoring(this JanusEventsBuilder builder, Action<MonitoringOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        IServiceCollection services = builder.Services;
        if (!services.Any(service => service.ServiceType == typeof(ObservedServers)))
        {
            services.AddSingleton<ObservedServers>();
            services.AddSingleton<IStoredBodyObserver>(provider => provider.GetRequiredService<ObservedServers>());
            services.AddSingleton<IHealthSource, SilentServers>();
        }

        SectionOptions.Add(
            services, "Monitoring", static (configuration, options) => configuration.Bind(options), new MonitoringOptionsRanges(), configure);
        return builder;
    }
}
