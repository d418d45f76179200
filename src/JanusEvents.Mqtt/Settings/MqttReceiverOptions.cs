using JanusEvents.Mqtt.Settings;
using JanusEvents.Settings;
using Microsoft.Extensions.Options;
using MQTTnet;

namespace JanusEvents;

/// <summary>
/// Settings of the receiver of what Janus's MQTT event handler publishes: from the section <c>JanusEvents:Mqtt</c> of the
/// configuration, and then by code.
/// </summary>
public sealed class MqttReceiverOptions
{
    /// <summary>
    /// The address of the broker, required: <c>mqtt://user:password@host:1883</c>, <c>mqtts://</c> for TLS, or <c>ws://</c> and
    /// <c>wss://</c> for WebSockets. Special characters of the user name and the password are percent-encoded.
    /// </summary>
    [BrokerUri]
    public string? Uri { get; set; }

    /// <summary>
    /// The client id, required, 1 to 200 characters. The broker keeps a session for it, with the messages that were not acknowledged.
    /// It must be unique, and stay the same: a second client of that id takes the connection from the first.
    /// </summary>
    [ClientId]
    public string? ClientId { get; set; }

    /// <summary>
    /// The topic filters to subscribe to. None, the default, is <c>janus/+/+</c>: servers whose <c>topic</c> is <c>janus/</c> and a
    /// name of their own.
    /// </summary>
    [TopicFilters]
    public IList<string> Topics { get; } = [];

    /// <summary>
    /// How many messages are received and not stored yet, 1 to 1,000; 32 by default. Further ones stay in the broker.
    /// </summary>
    [Within(1, 1000)]
    public int ReceiveMaximum { get; set; } = 32;

    /// <summary>
    /// How long the broker keeps the session without a connection, one minute to 365 days; one day by default. It must be longer than
    /// the host is ever away: what is published after the session has expired is lost.
    /// </summary>
    [WithinTime("00:01:00", "365.00:00:00")]
    public TimeSpan SessionExpiry { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Changes how the client connects, such as its certificates (<c>builder.WithTlsOptions</c>) or credentials; null, the default,
    /// changes nothing. Called once, when the host starts. The protocol version, the client id and the session stay as they are.
    /// </summary>
    public Action<MqttClientOptionsBuilder>? ConfigureConnection { get; set; }

    /// <summary>The topic filters, with the default where there are none.</summary>
    internal IReadOnlyList<string> TopicFilters => Topics.Count == 0 ? ["janus/+/+"] : [.. Topics];
}

/// <summary>The ranges of <see cref="MqttReceiverOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class MqttReceiverOptionsRanges : IValidateOptions<MqttReceiverOptions>;
