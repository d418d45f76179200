namespace JanusEvents.Delivery;

/// <summary>Where the doors (an endpoint, say) hand over the bodies that they received.</summary>
internal interface IBodyDelivery
{
    /// <summary>Hands over a body and waits until it is stored as safely as its sender will be told.</summary>
    /// <param name="body">The body.</param>
    /// <param name="giveUp">
    /// Cancelled when the sender can be told nothing any more. It ends the waiting, never a write that has begun.
    /// </param>
    /// <returns>True when the body is stored; false when it is not, and the sender must keep it.</returns>
    ValueTask<bool> DeliverAsync(ReceivedBody body, CancellationToken giveUp);
}
