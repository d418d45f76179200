namespace JanusEvents;

/// <summary>
/// Takes events somewhere: a database, a queue, a log. Register one with <c>AddSink</c>; each sink gets every event that
/// its filter lets through, in the order in which each server sent them, and one call at a time.
/// </summary>
public interface IEventSink
{
    /// <summary>Stores a batch.</summary>
    /// <param name="batch">The events to store: all of one or more bodies.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the host gives up on stopping. The batch counts as not stored then, and its senders retransmit it.
    /// </param>
    /// <returns>A task that ends when everything is stored, as safely as the sender is promised.</returns>
    /// <remarks>
    /// Throwing means that nothing of the batch is stored: its bodies are delivered again, in this batch or another, until they
    /// are stored or their senders were left to retransmit them. A sink that cannot undo a part that it did store
    /// recognises a duplicate by its <see cref="ReceivedBody.Hash"/>. The same holds after the host was
    /// killed between storing and answering.
    /// </remarks>
    ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken);
}
