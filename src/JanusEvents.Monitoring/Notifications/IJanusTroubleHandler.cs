namespace JanusEvents;

/// <summary>
/// Receives notifications of troubles, to pass them on to people or to another system. Add it with
/// <c>AddTroubleHandler&lt;T&gt;()</c>.
/// </summary>
public interface IJanusTroubleHandler
{
    /// <summary>
    /// Passes a notification on. Called for one notification at a time. It never delays the storing of events, and what it
    /// throws reaches nothing but the log: the notification is then retried after 5 s, 30 s, 2 min, 10 min and 30 min, with the
    /// same <see cref="TroubleNotification.Id"/> as long as the trouble has not changed, and dropped afterwards.
    /// </summary>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Cancelled when the host's time to stop is over.</param>
    ValueTask HandleAsync(TroubleNotification notification, CancellationToken cancellationToken);
}
