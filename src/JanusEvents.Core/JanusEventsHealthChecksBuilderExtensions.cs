using JanusEvents;
using JanusEvents.Health;
using JanusEvents.Observation;
using Microsoft.Extensions.Diagnostics.HealthChecks;

#pragma warning disable IDE0130 // Where every AddX extension of .NET is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Adds the health of Janus's events to the health checks of a host.</summary>
public static class JanusEventsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that reports whether events can be stored: whether each store's database answers, whether sinks fail or are
    /// suspended, and how old the backlog of the spool is; with <c>AddMonitoring</c> also whether an active server has fallen
    /// silent. Its <see cref="HealthCheckResult.Data"/> has the figures. It needs <c>AddJanusEvents</c> on the services, before
    /// or after it.
    /// </summary>
    /// <param name="builder">The builder that <c>AddHealthChecks</c> returns.</param>
    /// <param name="name">The name of the check; <c>janus_events</c> by default.</param>
    /// <param name="failureStatus">
    /// The status when events cannot be stored, or the backlog is too old; null, the default, is
    /// <see cref="HealthStatus.Unhealthy"/>. A lesser finding is <see cref="HealthStatus.Degraded"/> in any case.
    /// </param>
    /// <param name="tags">Tags, by which the host chooses checks.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IHealthChecksBuilder AddJanusEvents(
        this IHealthChecksBuilder builder,
        string name = "janus_events",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        Action<JanusEventsHealthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        JanusEventsHealthOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        return builder.Add(new HealthCheckRegistration(name, services => Make(services, options), failureStatus, tags));
    }

    private static JanusEventsHealthCheck Make(IServiceProvider services, JanusEventsHealthOptions options) =>
        services.GetService<Intake>() is null
            ? throw new InvalidOperationException(
                "AddHealthChecks().AddJanusEvents() checks services that are missing. Add them before the application is built, "
                + "with a sink: builder.Services.AddJanusEvents().AddSqlite(\"Data Source=janusevents.db\").")
            : ActivatorUtilities.CreateInstance<JanusEventsHealthCheck>(services, options);
}
