using RabbitMQ.Client;

namespace JanusEvents.RabbitMq.Consuming;

/// <summary>The client's side of a subscription: passes on messages one at a time, and the end.</summary>
internal sealed class DeliveryConsumer(IChannel channel, Func<Delivery, Task> deliver, Action<string> end) : AsyncDefaultBasicConsumer(channel)
{
    public override async Task HandleBasicDeliverAsync(
        string consumerTag,
        ulong deliveryTag,
        bool redelivered,
        string exchange,
        string routingKey,
        IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        try
        {
            await deliver(new Delivery(deliveryTag, redelivered, properties, body)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The message is not acknowledged; the broker gives it out again when this ends.
        catch (Exception e)
#pragma warning restore CA1031
        {
            end($"A message could not be taken: {e.Message}");
        }
    }

    protected override Task OnCancelAsync(string[] consumerTags, CancellationToken cancellationToken = default)
    {
        end(ShutdownReason?.ReplyText ?? "the broker ended the subscription; the queue may have been deleted");
        return base.OnCancelAsync(consumerTags, cancellationToken);
    }
}

/// <summary>A message as the client hands it over; its bytes are the client's.</summary>
internal readonly record struct Delivery(ulong Tag, bool IsRedelivered, IReadOnlyBasicProperties Properties, ReadOnlyMemory<byte> Bytes);
