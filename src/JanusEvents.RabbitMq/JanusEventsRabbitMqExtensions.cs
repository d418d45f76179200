using JanusEvents;
using JanusEvents.Delivery;
using JanusEvents.Health;
using JanusEvents.Observation;
using JanusEvents.RabbitMq;
using JanusEvents.RabbitMq.Connections;
using JanusEvents.RabbitMq.Observation;
using JanusEvents.RabbitMq.Publishing;
using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

#pragma warning disable IDE0130 // Where every AddX extension of the builder is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Receives events from RabbitMQ, and buffers them there between hosts.</summary>
public static class JanusEventsRabbitMqExtensions
{
    // A broker may bring a body again long after it was stored: when it was away itself, or the store was.
    private static readonly TimeSpan s_hashWindow = TimeSpan.FromDays(1);

    /// <summary>
    /// Receives what Janus's RabbitMQ event handler publishes. A message is acknowledged after its events are stored (or spooled), so
    /// that none is lost that reached the queue.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    public static JanusEventsBuilder AddRabbitMqReceiver(this JanusEventsBuilder builder, Action<RabbitMqReceiverOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        SectionOptions.Add(
            builder.Services, "RabbitMq:Receiver", static (configuration, options) => configuration.Bind(options), new RabbitMqReceiverOptionsRanges(), configure);
        if (!TryAddRole(builder.Services, BrokerState.OfReceiver))
            return builder;

        builder.Services.AddSingleton<IHostedService>(RabbitMqRoles.CreateReceiver);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStatusSource, ReceiverLines>());
        return builder;
    }

    /// <summary>
    /// Publishes bodies to a RabbitMQ cluster, as a required sink: a body is answered once the broker has confirmed it, and a writer
    /// (<see cref="AddRabbitMqWriter"/>), on this host or another, moves it to the stores.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The host is a writer as well: it would publish again what it reads.</exception>
    public static JanusEventsBuilder AddRabbitMqBuffer(this JanusEventsBuilder builder, Action<RabbitMqBufferOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        ThrowIfBoth(builder.Services, BrokerState.OfWriter);
        SectionOptions.Add(
            builder.Services, "RabbitMq:Buffer", static (configuration, options) => configuration.Bind(options), new RabbitMqBufferOptionsRanges(), configure);
        if (!TryAddRole(builder.Services, BrokerState.OfBuffer))
            return builder;

        builder.Services.AddKeyedSingleton(BrokerState.OfBuffer, RabbitMqRoles.CreateBufferConnection);
        builder.Services.AddSingleton<IHostedService>(RabbitMqRoles.CreateBufferWatch);
        return builder.AddSink<BufferSink>(sink => sink.Name = "RabbitMqBuffer");
    }

    /// <summary>
    /// Moves bodies from the queues of a buffer to the sinks of this host, each server's in their order. Several writers share the
    /// queues, and take over those of one that ends.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The host has the buffer as a sink as well: it would publish again what it reads.</exception>
    public static JanusEventsBuilder AddRabbitMqWriter(this JanusEventsBuilder builder, Action<RabbitMqWriterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        ThrowIfBoth(builder.Services, BrokerState.OfBuffer);
        SectionOptions.Add(
            builder.Services, "RabbitMq:Writer", static (configuration, options) => configuration.Bind(options), new RabbitMqWriterOptionsRanges(), configure);
        if (TryAddRole(builder.Services, BrokerState.OfWriter))
            builder.Services.AddSingleton<IHostedService>(RabbitMqRoles.CreateWriter);
        return builder;
    }

    /// <summary>Adds what each role has; false when it was added before.</summary>
    private static bool TryAddRole(IServiceCollection services, string role)
    {
        if (HasRole(services, role))
            return false;

        services.AddKeyedSingleton(role, (provider, _) => new BrokerState(role, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredKeyedService<BrokerState>(role));
        services.TryAddSingleton<RabbitMqMetrics>();
        services.TryAddSingleton<RabbitMqHealth>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthSource, RabbitMqHealth>(provider => provider.GetRequiredService<RabbitMqHealth>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStatusSource, RabbitMqHealth>(provider => provider.GetRequiredService<RabbitMqHealth>()));
        if (role != BrokerState.OfBuffer)
            services.TryAddSingleton(new SpoolWindow(s_hashWindow));
        return true;
    }

    private static bool HasRole(IServiceCollection services, string role) =>
        services.Any(service => service.IsKeyedService && service.ServiceType == typeof(BrokerState) && role.Equals(service.ServiceKey));

    private static void ThrowIfBoth(IServiceCollection services, string other)
    {
        if (HasRole(services, other))
        {
            throw new InvalidOperationException(
                "A host has either AddRabbitMqBuffer or AddRabbitMqWriter: one that reads from the buffer and publishes to it would do so "
                + "without end. Run receiving hosts with the buffer, and writers with the stores.");
        }
    }
}
