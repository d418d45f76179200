using JanusEvents;
using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

#pragma warning disable IDE0130 // Where every AddX extension of .NET is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Adds the receiving and storing of Janus's events to a host.</summary>
public static class JanusEventsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the parser and the delivery of events. May be called more than once. Say on the result where events go, with
    /// <c>AddSqlite</c>, <c>AddMySql</c> or <c>AddSink</c>.
    /// </summary>
    /// <remarks>
    /// All options are read from the section <c>JanusEvents</c> of the host's configuration, where it has one, and then set
    /// by code. A value out of range ends the start with an <see cref="OptionsValidationException"/> that names the key, the
    /// value, and what it must be. Every key is in docs/settings.md.
    /// </remarks>
    /// <param name="services">The host's services.</param>
    /// <returns>A builder for the sinks.</returns>
    public static JanusEventsBuilder AddJanusEvents(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.TryAddSingleton(provider => SettingsSection.In(provider.GetService<IConfiguration>()));
        if (!services.Any(service => service.ImplementationType == typeof(JanusEventsOptionsBinding)))
        {
            // Before what the host may have configured by code already, which is to win.
            services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<JanusEventsOptions>, JanusEventsOptionsBinding>());
        }

        services.AddOptions<JanusEventsOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<JanusEventsOptions>, JanusEventsOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UnknownSettings>());
        services.TryAddSingleton<StartChecks>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartChecks>(
            provider => provider.GetRequiredService<StartChecks>()));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
            new JanusEventParser(provider.GetRequiredService<IOptions<JanusEventsOptions>>().Value.Parser));
        services.TryAddSingleton(typeof(ContainedLogger<>));
        services.TryAddSingleton<Observers>();
        services.TryAddSingleton<Tracing>();
        services.TryAddSingleton<Intake>();
        services.TryAddSingleton<JanusEventsMeter>();
        services.TryAddSingleton<DeliveryMetrics>();
        services.TryAddSingleton<SinkRecords>();
        services.TryAddSingleton<StoredBodies>();
        services.TryAddSingleton<EventFeed>();
        services.TryAddSingleton<IJanusEventFeed>(provider => provider.GetRequiredService<EventFeed>());
        services.TryAddSingleton<BestEffortWriters>();
        services.TryAddSingleton<HostedDelivery, CommitDelivery>();
        services.TryAddSingleton<IBodyDelivery>(provider => provider.GetRequiredService<HostedDelivery>());
        services.TryAddSingleton<RepeatedDelivery>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HostedDelivery>(
            provider => provider.GetRequiredService<HostedDelivery>()));
        services.TryAddSingleton(provider => new ByteBudget(
            provider.GetRequiredService<IOptions<JanusEventsOptions>>().Value.MaxBytesInMemory,
            provider.GetRequiredService<JanusEventsMeter>()));
        return new JanusEventsBuilder(services);
    }

    /// <summary>
    /// Adds the parser and the delivery of events, with all options read from a section other than <c>JanusEvents</c>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">
    /// The section, such as <c>builder.Configuration.GetSection("Media:JanusEvents")</c>. That of the last call counts.
    /// </param>
    /// <returns>A builder for the sinks.</returns>
    public static JanusEventsBuilder AddJanusEvents(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);

        JanusEventsBuilder builder = services.AddJanusEvents();
        services.Replace(ServiceDescriptor.Singleton(SettingsSection.Given(section)));
        return builder;
    }

    /// <summary>Adds the parser and the delivery of events, and sets options.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>A builder for the sinks.</returns>
    public static JanusEventsBuilder AddJanusEvents(this IServiceCollection services, Action<JanusEventsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);

        JanusEventsBuilder builder = services.AddJanusEvents();
        services.Configure(configure);
        return builder;
    }
}
