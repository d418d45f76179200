namespace JanusEvents;

/// <summary>
/// The events of this host as they come in, for pages and other live views: a service that <c>AddJanusEvents</c> adds.
/// A reader never holds up storage, and a feed that nobody reads costs nothing.
/// </summary>
/// <remarks>
/// Events come once they are stored: committed by every required sink, or flushed to the spool where there is one. A body
/// that its sender had to retransmit may be repeated. The feed knows nothing of the past and nothing of other hosts; that
/// is what a store is for.
/// </remarks>
public interface IJanusEventFeed
{
    /// <summary>Reads every event that is stored from now on.</summary>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// The events in the order of their arrival, from the moment that <c>await foreach</c> begins until the host begins to
    /// stop. Each enumeration is a reader of its own.
    /// </returns>
    /// <remarks>
    /// A reader that does not keep up loses its place: when more than <see cref="JanusEventsOptions.BestEffortQueueBytes"/>
    /// wait for it, what waits is dropped, and it goes on with the newest. The other overload reports how many it missed.
    /// </remarks>
    IAsyncEnumerable<JanusEvent> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads every event that is stored from now on, and reports the events that were missed.</summary>
    /// <param name="missed">
    /// Called by the enumeration, between the last event before a gap and the first one after it, with the number of
    /// events in the gap. Its exceptions end the enumeration.
    /// </param>
    /// <param name="cancellationToken">As for <see cref="ReadAsync(CancellationToken)"/>.</param>
    /// <returns>As for <see cref="ReadAsync(CancellationToken)"/>.</returns>
    IAsyncEnumerable<JanusEvent> ReadAsync(Action<long> missed, CancellationToken cancellationToken = default);
}
