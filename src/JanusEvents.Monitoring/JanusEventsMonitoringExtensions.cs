using JanusEvents.Health;
using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.Live;
using JanusEvents.Monitoring.Records;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Observation;
using JanusEvents.Settings;
using JanusEvents;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

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
        if (!services.Any(service => service.ServiceType == typeof(MonitoredServers)))
        {
            services.AddSingleton(provider => new TroubleBook([.. provider.GetServices<ITroubleObserver>()], [.. provider.GetServices<IEndObserver>()]));
            services.AddSingleton(provider => provider.GetRequiredService<IOptions<MonitoringOptions>>().Value.Troubles);
            services.AddSingleton<IValidateOptions<MonitoringOptions>, TroublesOptionsValidator>();
            services.AddSingleton<IStateWatch, TroubleDetector>();
            services.AddSingleton(provider => StateLimits.Of(provider.GetRequiredService<TroublesOptions>()));
            services.AddSingleton(provider => new MonitoredServers(
                new JanusMetrics(provider.GetRequiredService<JanusEventsMeter>(), provider.GetRequiredService<Observers>()),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<IStateWatch>(),
                provider.GetRequiredService<StateLimits>())
            {
                IsOn = provider.GetRequiredService<IOptions<MonitoringOptions>>().Value.Enabled,
            });
            services.AddSingleton<MonitoringWriter>();
            services.AddSingleton<ITroubleObserver>(provider => provider.GetRequiredService<MonitoringWriter>());
            services.AddSingleton<IEndObserver>(provider => provider.GetRequiredService<MonitoringWriter>());
            services.AddHostedService(provider => provider.GetRequiredService<MonitoringWriter>());
            services.AddSingleton<IMonitoringRebuild, MonitoringRebuild>();
            services.AddSingleton<LiveTroubles>();
            services.AddSingleton<ITroubleObserver>(provider => provider.GetRequiredService<LiveTroubles>());
            services.AddSingleton<LiveEnds>();
            services.AddSingleton<IEndObserver>(provider => provider.GetRequiredService<LiveEnds>());
            services.AddSingleton<ServerMoments>();
            services.AddHostedService(provider => provider.GetRequiredService<ServerMoments>());
            services.AddSingleton<IJanusMonitor, JanusMonitor>();
            services.AddSingleton<OrphanedTroubles>();
            services.AddHostedService<StateRestore>();
            services.AddHostedService<StateTicks>();
            services.AddSingleton<IStoredBodyObserver>(provider => provider.GetRequiredService<MonitoredServers>());
            services.AddSingleton<IHealthSource, SilentServers>();
        }

        services.AddNotifications();
        SectionOptions.Add(
            services, "Monitoring", static (configuration, options) => configuration.Bind(options), new MonitoringOptionsRanges(), configure);
        return builder;
    }
}
