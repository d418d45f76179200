using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>
/// Settings of the buffer, which publishes bodies to RabbitMQ: from the section <c>JanusEvents:RabbitMq:Buffer</c> of the
/// configuration, and then by code.
/// </summary>
public sealed class RabbitMqBufferOptions : RabbitMqPartitionOptions
{
    /// <summary>
    /// How many bytes a message may have, 1,024 to 536,870,912; 16 MiB by default, as RabbitMQ 4 has it. It should be the broker's
    /// <c>max_message_size</c> (128 MiB before RabbitMQ 4); a lower limit of the broker is recognised when it refuses a message. A
    /// larger body is divided into its events; a larger event goes to <c>rejected</c>, cut.
    /// </summary>
    [Within(1024, 512 << 20)]
    public int MaxMessageBytes { get; set; } = 16 << 20;
}

/// <summary>The ranges of <see cref="RabbitMqBufferOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class RabbitMqBufferOptionsRanges : IValidateOptions<RabbitMqBufferOptions>;
