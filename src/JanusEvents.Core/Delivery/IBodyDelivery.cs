namespace JanusEvents;

/// <summary>
/// Where the doors (an endpoint, say) hand over the bodies that they received; for doors and imports of one's own. A
/// service, once <c>AddJanusEvents</c> was called.
/// </summary>
public interface IBodyDelivery
{
    /// <summary>
    /// Hands over a body and waits until it is stored as safely as its sender will be told: in every required sink, or in
    /// the spool where there is one. Bodies are stored in the order in which this is called. One that was stored already
    /// counts as stored.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="giveUp">
    /// Cancelled when the sender can be told nothing any more. It ends the waiting, never a write that has begun. As long
    /// as it is not, what failed is tried again.
    /// </param>
    /// <returns>True when the body is stored; false when it is not, and the sender must keep it.</returns>
    ValueTask<bool> DeliverAsync(ReceivedBody body, CancellationToken giveUp);
}
