using JanusEvents.Testing;

namespace JanusEvents.Mqtt.Tests;

/// <summary>Starts hosts with a receiver.</summary>
internal static class MqttHost
{
    public static Task<TestHost> StartAsync(
        MosquittoServer server, OnceStore store, Action<MqttReceiverOptions>? configure = null) =>
        StartAsync(server, builder => builder.AddSink(store), configure);

    public static Task<TestHost> StartAsync(
        MosquittoServer server, Action<JanusEventsBuilder> events, Action<MqttReceiverOptions>? configure = null) =>
        TestHost.StartAsync(
            builder =>
            {
                events(builder);
                builder.AddMqttReceiver(options =>
                {
                    options.Uri = server.Uri;
                    options.ClientId = "janusevents-test";
                    configure?.Invoke(options);
                });
            },
            options => options.MaxRetryDelay = TimeSpan.FromSeconds(1));

    /// <summary>Waits until the receiver has subscribed.</summary>
    public static Task UntilConnectedAsync(this TestHost host, int times = 1) => Wait.UntilAsync(
        () => host.Log.Of(Microsoft.Extensions.Logging.LogLevel.Information).Count(line => line.Contains("The MQTT receiver is connected", StringComparison.Ordinal)) >= times,
        Wait.Limit,
        "the receiver to be connected",
        () => host.Warnings);

    public static Task UntilStoredAsync(this OnceStore store, TestHost host, int events) => Wait.UntilAsync(
        () => store.Numbers.Count >= events, Wait.Limit, $"{events} events to be stored", () => $"{store.Numbers.Count} are. {host.Warnings}");
}
