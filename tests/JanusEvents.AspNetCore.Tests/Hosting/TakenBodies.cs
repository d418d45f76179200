using JanusEvents.Delivery;

namespace JanusEvents.AspNetCore.Tests.Hosting;

/// <summary>The host's delivery, which counts the bodies that wait for it or have waited.</summary>
internal sealed class TakenBodies(HostedDelivery delivery) : IBodyDelivery
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public ValueTask<DeliveryResult> DeliverAsync(ReceivedBody body, CancellationToken cancellationToken)
    {
        ValueTask<DeliveryResult> delivering = delivery.DeliverAsync(body, cancellationToken);
        Interlocked.Increment(ref _count);
        return delivering;
    }
}
