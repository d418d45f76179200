using Microsoft.Extensions.Logging;

namespace JanusEvents.Mqtt.Connections;

/// <summary>What the package logs: never the content of a body. Event ids 4500 to 4999.</summary>
internal static partial class MqttLog
{
    [LoggerMessage(4500, LogLevel.Information, "The MQTT receiver is connected to {Node} as {ClientId}.")]
    public static partial void Connected(ILogger logger, string node, string clientId);

    [LoggerMessage(4501, LogLevel.Warning, "The MQTT receiver has no connection to the broker. It tries again. Cause: {Cause} Logged at most once a minute.")]
    public static partial void NotConnected(ILogger logger, string cause);

    [LoggerMessage(4502, LogLevel.Information, "The broker had no session for {ClientId}. It keeps one from now on; messages that were published before are not delivered.")]
    public static partial void NewSession(ILogger logger, string clientId);

    [LoggerMessage(4503, LogLevel.Warning, "The broker lost the session of {ClientId}: messages that it held, and those published since the connection ended, are lost. A broker that is killed, or an expired session, has this effect.")]
    public static partial void SessionLost(ILogger logger, string clientId);

    [LoggerMessage(4504, LogLevel.Warning, "The broker keeps the session of {ClientId} for {Granted} only, although SessionExpiry is {Asked}.")]
    public static partial void ShorterSession(ILogger logger, string clientId, TimeSpan granted, TimeSpan asked);

    [LoggerMessage(4505, LogLevel.Warning, "Janus at topic {Server} is away: its MQTT event handler disconnected.")]
    public static partial void ServerAway(ILogger logger, string server);

    [LoggerMessage(4506, LogLevel.Information, "Janus at topic {Server} is connected again.")]
    public static partial void ServerBack(ILogger logger, string server);

    [LoggerMessage(4507, LogLevel.Warning, "{Count} status messages, of which the last was at {Topic}, are neither connected nor disconnected. They are ignored. Logged at most once a minute.")]
    public static partial void UnknownStatus(ILogger logger, long count, string topic);

    [LoggerMessage(4508, LogLevel.Warning, "Messages of topic {Topic} had {Count} invalid elements. They are kept as rejected. Logged at most once a minute.")]
    public static partial void Rejected(ILogger logger, string topic, long count);

    [LoggerMessage(4509, LogLevel.Warning, "{Count} messages, of which the last was at {Topic}, came with QoS 0: the broker does not keep them for the receiver. Set qos = 1 in janus.eventhandler.mqttevh.jcfg. Logged at most once a minute.")]
    public static partial void WithoutQos(ILogger logger, long count, string topic);

    [LoggerMessage(4510, LogLevel.Error, "{Count} messages with QoS 0, of which the last was at {Topic}, are lost: too many wait for the store, and the broker does not keep them. Logged at most once a minute.")]
    public static partial void Dropped(ILogger logger, long count, string topic);

    [LoggerMessage(4511, LogLevel.Debug, "MQTT failed.")]
    public static partial void FailedWith(ILogger logger, Exception exception);
}
