using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Consuming;

/// <summary>A queue to be read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Prefetch">How many messages are read and not stored yet.</param>
/// <param name="GiveBackAfter">How long a message is held.</param>
/// <param name="PrepareAsync">Finds or declares it, before each subscription.</param>
internal sealed record QueueSource(
    string Name,
    int Prefetch,
    TimeSpan GiveBackAfter,
    Func<IConnection, CancellationToken, Task> PrepareAsync);
