using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>Delivers what its sender will not send again: tries until it is stored.</summary>
internal sealed class RepeatedDelivery(IBodyDelivery delivery, IOptions<JanusEventsOptions> options, TimeProvider time)
{
    /// <summary>
    /// Has a body stored, however long that takes; never throws. Bodies are stored in the order of the calls, since the delivery
    /// takes them before it waits.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="failed">Told what a try threw.</param>
    /// <param name="givenUp">Ends the waiting, never a write that has begun.</param>
    /// <returns>False when it was given up and is not stored.</returns>
    public async Task<bool> DeliverAsync(ReceivedBody body, Action<Exception> failed, CancellationToken givenUp)
    {
        Backoff backoff = new(options.Value, time);
        while (true)
        {
            try
            {
                if (await delivery.DeliverAsync(body, givenUp).ConfigureAwait(false) != DeliveryResult.NotStored)
                    return true;
            }
#pragma warning disable CA1031 // Whatever a delivery throws, the body is not stored.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failed(e);
            }

            if (givenUp.IsCancellationRequested || !await backoff.WaitAsync(givenUp).ConfigureAwait(false))
                return false;
        }
    }
}
