using JanusEvents.RabbitMq.Settings;
using JanusEvents.Settings;

namespace JanusEvents;

/// <summary>The queues of a buffer, which must be the same for the buffer and its writers.</summary>
public abstract class RabbitMqPartitionOptions : RabbitMqConnectionOptions
{
    private protected RabbitMqPartitionOptions()
    {
    }

    /// <summary>
    /// The name of the buffer, 1 to 200 characters; <c>janusevents</c> by default. Its exchange has this name, and its queues
    /// begin with it: <c>janusevents.0</c>, <c>janusevents.1</c> …, and <c>janusevents.dead</c> for dead letters.
    /// </summary>
    [QueueName]
    public string Name { get; set; } = "janusevents";

    /// <summary>
    /// The number of queues, 1 to 64; 4 by default. The bodies of one Janus server are always in the same queue. A change moves servers
    /// to other queues: drain the buffer first (docs/scale-out.md).
    /// </summary>
    [Within(1, 64)]
    public int Partitions { get; set; } = 4;

    /// <summary>
    /// Whether missing queues are declared, as quorum queues with a single active consumer, with their exchange. True by default;
    /// with false, all of them must exist.
    /// </summary>
    public bool Declare { get; set; } = true;

    /// <summary>
    /// How often the broker delivers a message before it becomes a dead letter, 1 to 1,000; null, the default, is without a limit.
    /// Only for queues that are declared here. A message is delivered again when a writer dies or gives it back.
    /// </summary>
    [Within(1, 1000)]
    public int? DeliveryLimit { get; set; }
}
