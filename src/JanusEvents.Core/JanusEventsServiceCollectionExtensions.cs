using JanusEvents;
using JanusEvents.Delivery;
using JanusEvents.Observation;
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
    /// <param name="services">The host's services.</param>
    /// <returns>A builder for the sinks.</returns>
    public static JanusEventsBuilder AddJanusEvents(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.AddOptions<JanusEventsOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<JanusEventsOptions>, JanusEventsOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
            new JanusEventParser(provider.GetRequiredService<IOptions<JanusEventsOptions>>().Value.Parser));
        services.TryAddSingleton<Intake>();
        services.TryAddSingleton<JanusEventsMeter>();
        services.TryAddSingleton<DeliveryMetrics>();
        services.TryAddSingleton<SinkRecords>();
        services.TryAddSingleton<ObservedServers>();
        services.TryAddSingleton<EventFeed>();
        services.TryAddSingleton<IJanusEventFeed>(provider => provider.GetRequiredService<EventFeed>());
        services.TryAddSingleton<BestEffortWriters>();
        services.TryAddSingleton<HostedDelivery, CommitDelivery>();
        services.TryAddSingleton<IBodyDelivery>(provider => provider.GetRequiredService<HostedDelivery>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HostedDelivery>(
            provider => provider.GetRequiredService<HostedDelivery>()));
        services.TryAddSingleton(provider =>
            new ByteBudget(provider.GetRequiredService<IOptions<JanusEventsOptions>>().Value.MaxBytesInMemory));
        return new JanusEventsBuilder(services);
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
