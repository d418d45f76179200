using JanusEvents.Delivery;

namespace JanusEvents.FaultHost.Faults;

/// <summary>Prints a line when a body has been handed over, for tests that must know that it waits.</summary>
public sealed class AnnouncedDelivery : IBodyDelivery
{
    /// <summary>The line.</summary>
    public const string Announcement = "A body was handed over.";

    private readonly HostedDelivery _delivery;

    internal AnnouncedDelivery(HostedDelivery delivery) => _delivery = delivery;

    async ValueTask<DeliveryResult> IBodyDelivery.DeliverAsync(ReceivedBody body, CancellationToken cancellationToken)
    {
        ValueTask<DeliveryResult> delivered = _delivery.DeliverAsync(body, cancellationToken);
        Console.WriteLine(Announcement);
        return await delivered;
    }
}
