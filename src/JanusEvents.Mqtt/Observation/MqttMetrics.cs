using System.Diagnostics.Metrics;
using JanusEvents.Mqtt.Connections;
using JanusEvents.Observation;

namespace JanusEvents.Mqtt.Observation;

/// <summary>The instruments of the connection to the MQTT broker.</summary>
internal sealed class MqttMetrics
{
    private const string Topic = "janus_events.topic";

    public MqttMetrics(JanusEventsMeter meter, MqttState state)
    {
        Meter m = meter.Meter;
        m.CreateObservableGauge("janus_events.mqtt.connected", () => state.Current.IsConnected ? 1L : 0L, "{connection}", "Whether the connection to the broker is open: 1, otherwise 0.");
        m.CreateObservableUpDownCounter("janus_events.mqtt.unacknowledged", () => (long)state.Held, "{message}", "Messages that were received and are not stored yet.");
        m.CreateObservableCounter("janus_events.mqtt.redelivered", () => state.Redelivered, "{message}", "Messages that the broker delivered again.");
        m.CreateObservableCounter("janus_events.mqtt.sessions_lost", () => state.SessionsLost, "{session}", "How often the broker had no session any more on a reconnect: its messages are lost.");
        m.CreateObservableGauge(
            "janus_events.mqtt.server.connected",
            () => state.Servers.Select(server => new Measurement<long>(server.IsAway ? 0 : 1, new KeyValuePair<string, object?>(Topic, server.Topic))),
            "{server}",
            "Whether a Janus is connected to the broker, as far as its messages say: 1, otherwise 0.");
    }
}
