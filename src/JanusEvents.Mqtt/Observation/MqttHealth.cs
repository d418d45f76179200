using System.Globalization;
using JanusEvents.Health;
using JanusEvents.Mqtt.Connections;
using JanusEvents.Observation;

namespace JanusEvents.Mqtt.Observation;

/// <summary>Reports the connection to the broker, and which Janus is away, for the health check and the status page.</summary>
internal sealed class MqttHealth(MqttState state) : IHealthSource, IStatusSource
{
    public void Report(HealthFindings findings)
    {
        MqttState.Link link = state.Current;
        findings.Data["mqtt"] = TextOf(link);
        findings.Data["mqtt.unacknowledged"] = state.Held;
        if (!link.IsConnected)
            findings.Fail($"The MQTT receiver has no connection to the broker ({link.LastError ?? "it has just started"}).");
        if (state.SessionLostLately is { } lost)
            findings.Degrade(string.Create(CultureInfo.InvariantCulture, $"The broker lost the session of the MQTT receiver, with its messages (noticed {lost.UtcDateTime:HH:mm:ss})."));
        foreach (ServerPresence server in state.Servers.OrderByDescending(server => server.IsAway).Take(HealthFindings.MaxServers))
        {
            findings.Data[$"mqtt.server.{server.Topic}"] = PresenceOf(server);
            if (server.IsAway)
                findings.Degrade($"Janus at topic {server.Name} is {PresenceOf(server)}.");
        }
    }

    public void Write(Action<string> line)
    {
        line($"MQTT receiver: {TextOf(state.Current)}, {state.Held} messages wait to be stored");
        foreach (ServerPresence server in state.Servers.Take(HealthFindings.MaxServers))
            line($"    {server.Name}: {PresenceOf(server)}");
    }

    private static string TextOf(MqttState.Link link) => link.IsConnected ? $"connected to {link.Node}" : $"not connected ({link.LastError ?? "it has just started"})";

    private static string PresenceOf(ServerPresence server) =>
        string.Create(CultureInfo.InvariantCulture, $"{(server.IsAway ? "away" : "connected")} since {server.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}");
}
