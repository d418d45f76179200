using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.RabbitMq.Connections;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Consuming;

/// <summary>Makes bodies of messages, and has them stored: the way from a queue into the library.</summary>
internal sealed class BodyReception(
    BrokerState state,
    RepeatedDelivery delivery,
    ByteBudget budget,
    JanusEventParser parser,
    TimeProvider time,
    ILogger logger)
{
    private const string DeliveryCount = "x-delivery-count";

    private readonly MinuteCount _returned = new(time);
    private readonly MinuteCount _rejected = new(time);
    private readonly MinuteCount _hashDiffers = new(time);

    /// <summary>Begins to reserve memory for a message.</summary>
    public ByteReservation Reserve() => budget.Open();

    /// <summary>Makes the body of a message, of bytes of its own: the client uses its bytes again.</summary>
    public ReceivedBody Read(string queue, Consuming.Delivery message)
    {
        long returns = ReturnsOf(message.Properties);
        if ((message.IsRedelivered || returns > 0) && state.Queue(queue).AddRedelivered(returns) && _returned.Add(1, out _))
            RabbitMqLog.Returned(logger, queue, returns);
        ReceivedBody body = BufferMessage.ReadBody(message.Bytes.ToArray(), message.Properties, parser, time.GetUtcNow(), out bool hashDiffers);
        if (hashDiffers && _hashDiffers.Add(1, out long differ))
            RabbitMqLog.HashDiffers(logger, differ, queue);
        if (body.Rejected.Count > 0 && _rejected.Add(body.Rejected.Count, out long rejected))
            RabbitMqLog.Rejected(logger, queue, rejected);
        return body;
    }

    /// <summary>Has a message stored, however long that takes.</summary>
    /// <returns>False when it was given up.</returns>
    public Task<bool> StoreAsync(string queue, HeldMessage message) =>
        delivery.DeliverAsync(message.Body, e => RabbitMqLog.FailedWith(logger, e, queue), message.GivenUp);

    private static long ReturnsOf(IReadOnlyBasicProperties properties)
    {
        object? count = null;
        properties.Headers?.TryGetValue(DeliveryCount, out count);
        return count switch
        {
            long returns => returns,
            int returns => returns,
            _ => 0,
        };
    }
}
