using JanusEvents.RabbitMq.Settings;
using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>
/// Settings of the receiver of what Janus's RabbitMQ event handler publishes: from the section
/// <c>JanusEvents:RabbitMq:Receiver</c> of the configuration, and then by code.
/// </summary>
public sealed class RabbitMqReceiverOptions : RabbitMqConnectionOptions
{
    /// <summary>
    /// The queue to read, 1 to 200 characters; <c>janus-events</c> by default. Without an <see cref="Exchange"/>, Janus's
    /// <c>route_key</c> must be the same.
    /// </summary>
    [QueueName]
    public string Queue { get; set; } = "janus-events";

    /// <summary>
    /// Whether the queue is declared if it is missing: durable, a quorum queue with a single active consumer. True by default;
    /// with false, the queue must exist.
    /// </summary>
    public bool Declare { get; set; } = true;

    /// <summary>
    /// Janus's <c>exchange</c>, if it publishes to one; null, the default, is the default exchange. A named exchange of Janus and
    /// its binding do not survive a restart of the broker, so that both are declared again with each connection.
    /// </summary>
    public string? Exchange { get; set; }

    /// <summary>Janus's <c>exchange_type</c>; <c>fanout</c> by default.</summary>
    [QueueName]
    public string ExchangeType { get; set; } = "fanout";

    /// <summary>The key by which the queue is bound to <see cref="Exchange"/>; <c>#</c> by default.</summary>
    [QueueName]
    public string BindingKey { get; set; } = "#";

    /// <summary>
    /// How many messages are read and not stored yet, 1 to 1,000; 32 by default. Further ones stay in the broker.
    /// </summary>
    [Within(1, 1000)]
    public int Prefetch { get; set; } = 32;

    /// <summary>
    /// How long a message is held while the store is away, at least one second; five minutes by default. Then the messages are given back
    /// to the broker until the store works again. It must be well below the broker's <c>consumer_timeout</c> (30 minutes by
    /// default), after which the broker closes the channel.
    /// </summary>
    [WithinTime("00:00:01")]
    public TimeSpan GiveBackAfter { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>The ranges of <see cref="RabbitMqReceiverOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class RabbitMqReceiverOptionsRanges : IValidateOptions<RabbitMqReceiverOptions>;
