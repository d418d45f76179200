using Microsoft.Extensions.Logging;

namespace JanusEvents.RabbitMq.Connections;

/// <summary>What the package logs: never the content of a body. Event ids 4000 to 4499.</summary>
internal static partial class RabbitMqLog
{
    [LoggerMessage(4000, LogLevel.Information, "The RabbitMQ {Role} is connected to {Node}.")]
    public static partial void Connected(ILogger logger, string role, string node);

    [LoggerMessage(4001, LogLevel.Warning, "The RabbitMQ {Role} has no connection to the broker. It tries again. Cause: {Cause} Logged at most once a minute.")]
    public static partial void NotConnected(ILogger logger, string role, string cause);

    [LoggerMessage(4002, LogLevel.Warning, "The broker blocked the connection of the RabbitMQ {Role}: {Reason}. Bodies are held until it continues.")]
    public static partial void Blocked(ILogger logger, string role, string reason);

    [LoggerMessage(4003, LogLevel.Information, "The broker continues with the connection of the RabbitMQ {Role}.")]
    public static partial void Unblocked(ILogger logger, string role);

    [LoggerMessage(4004, LogLevel.Warning, "Queue {Queue} is used as it is, but was declared with other arguments: {Difference}. Delete it so that it is declared again, or set Declare to false. A queue that Janus declares is lost with the broker: set declare_outgoing_queue = false there.")]
    public static partial void QueueDiffers(ILogger logger, string queue, string difference);

    [LoggerMessage(4005, LogLevel.Warning, "Queue {Queue} cannot be read. It is retried. Cause: {Cause} Logged at most once a minute.")]
    public static partial void QueueNotRead(ILogger logger, string queue, string cause);

    [LoggerMessage(4006, LogLevel.Warning, "A message of queue {Queue} waits for the store since {Duration}. All its messages are given back to the broker until the store works again.")]
    public static partial void GivenBack(ILogger logger, string queue, TimeSpan duration);

    [LoggerMessage(4007, LogLevel.Information, "The store works again. Queue {Queue} is read again.")]
    public static partial void ReadAgain(ILogger logger, string queue);

    [LoggerMessage(4008, LogLevel.Warning, "A message of queue {Queue} was returned to it {Returns} times. A writer that dies, or a store that is away, returns messages; with a delivery limit they become dead letters. Logged at most once a minute.")]
    public static partial void Returned(ILogger logger, string queue, long returns);

    [LoggerMessage(4009, LogLevel.Error, "Queue {Queue} has {Messages} dead letters: bodies that are not stored. Move them back to their queues with the broker's shovel.")]
    public static partial void DeadLetters(ILogger logger, string queue, long messages);

    [LoggerMessage(4010, LogLevel.Warning, "The id of {Count} messages of queue {Queue} is not the hash of their bytes. The hash of the bytes is used. Logged at most once a minute.")]
    public static partial void HashDiffers(ILogger logger, long count, string queue);

    [LoggerMessage(4011, LogLevel.Warning, "A body of {Bytes} bytes from {RemoteAddress} is larger than a message may be ({Limit} bytes). It was divided into {Messages} messages.")]
    public static partial void Divided(ILogger logger, int bytes, string? remoteAddress, int limit, int messages);

    [LoggerMessage(4012, LogLevel.Warning, "The broker takes messages of at most {Limit} bytes, fewer than MaxMessageBytes ({Configured}). Its limit is used; set MaxMessageBytes to it.")]
    public static partial void LimitOfBroker(ILogger logger, int limit, int configured);

    [LoggerMessage(4013, LogLevel.Warning, "Messages of queue {Queue} had {Count} invalid elements. They are kept as rejected. Logged at most once a minute.")]
    public static partial void Rejected(ILogger logger, string queue, long count);

    [LoggerMessage(4014, LogLevel.Information, "Queue {Queue} is handed over to another writer: this one reads {Active} queues, and there are {Writers} writers.")]
    public static partial void HandedOver(ILogger logger, string queue, int active, int writers);

    [LoggerMessage(4015, LogLevel.Debug, "RabbitMQ failed ({Role}).")]
    public static partial void FailedWith(ILogger logger, Exception exception, string role);
}
