using JanusEvents;
using JanusEvents.Delivery;
using JanusEvents.Health;
using JanusEvents.Mqtt.Connections;
using JanusEvents.Mqtt.Observation;
using JanusEvents.Mqtt.Receiving;
using JanusEvents.Observation;
using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

#pragma warning disable IDE0130 // Where every AddX extension of the builder is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Receives events from an MQTT broker.</summary>
public static class JanusEventsMqttExtensions
{
    // A broker may bring a body again long after it was stored: when it was away itself, or the store was.
    private static readonly TimeSpan s_hashWindow = TimeSpan.FromDays(1);

    /// <summary>
    /// Receives what Janus's MQTT event handler publishes, with a session that the broker keeps. A message is acknowledged after its
    /// events are stored (or spooled), so that none is lost that the broker keeps.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, after those of the configuration.</param>
    /// <returns>The same builder.</returns>
    public static JanusEventsBuilder AddMqttReceiver(this JanusEventsBuilder builder, Action<MqttReceiverOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        SectionOptions.Add(
            builder.Services, "Mqtt", static (configuration, options) => configuration.Bind(options), new MqttReceiverOptionsRanges(), configure);
        if (builder.Services.Any(service => service.ServiceType == typeof(MqttState)))
            return builder;

        builder.Services.AddSingleton<MqttState>();
        builder.Services.AddSingleton<MessageReception>();
        builder.Services.AddSingleton<MqttHealth>();
        builder.Services.AddSingleton<MqttMetrics>();
        builder.Services.AddSingleton<IHealthSource>(provider => provider.GetRequiredService<MqttHealth>());
        builder.Services.AddSingleton<IStatusSource>(provider => provider.GetRequiredService<MqttHealth>());
        builder.Services.AddSingleton<IStatusSource, ReceiverLines>();
        builder.Services.AddSingleton<MqttReceiver>();
        builder.Services.AddSingleton<IHostedService>(provider =>
        {
            // The instruments exist from now on.
            provider.GetRequiredService<MqttMetrics>();
            return provider.GetRequiredService<MqttReceiver>();
        });
        builder.Services.TryAddSingleton(new SpoolWindow(s_hashWindow));
        return builder;
    }
}
