namespace JanusEvents;

/// <summary>
/// Stores bodies, for receivers and imports of a host's own. A service, once <c>AddJanusEvents</c> was called.
/// </summary>
public interface IBodyDelivery
{
    /// <summary>
    /// Stores a body: in every required sink, or in the spool where there is one. Bodies are stored in the order of the calls.
    /// A write that fails is repeated until it succeeds or <paramref name="cancellationToken"/> is cancelled.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the sender no longer waits for the answer. It ends the waiting, never a write that has begun.
    /// </param>
    /// <returns>
    /// Whether the body is stored. After <see cref="DeliveryResult.NotStored"/>, which a cancellation gives as well, the sender must
    /// keep it.
    /// </returns>
    ValueTask<DeliveryResult> DeliverAsync(ReceivedBody body, CancellationToken cancellationToken);
}
