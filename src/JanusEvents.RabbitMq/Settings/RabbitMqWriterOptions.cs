using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>
/// Settings of a writer, which moves bodies from the buffer to the stores: from the section <c>JanusEvents:RabbitMq:Writer</c> of
/// the configuration, and then by code.
/// </summary>
public sealed class RabbitMqWriterOptions : RabbitMqPartitionOptions
{
    /// <summary>
    /// How many messages of each queue are read and not stored yet, 1 to 1,000; 32 by default. Further ones stay in the broker.
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

/// <summary>The ranges of <see cref="RabbitMqWriterOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class RabbitMqWriterOptionsRanges : IValidateOptions<RabbitMqWriterOptions>;
