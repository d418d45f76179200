namespace JanusEvents;

/// <summary>
/// A store that loses nothing and stores nothing twice: it keeps, in the same transaction as the events, the hash of each body
/// (<see cref="ReceivedBody.Hash"/>) and, with a spool, the position of the batch (<see cref="EventBatch.Position"/>). So it
/// recognizes a retransmitted body, and a spool continues after a crash where the store really ended.
/// </summary>
/// <remarks>
/// A filter (<see cref="EventSinkOptions.Filter"/>) removes events from a batch, but never a batch: also an empty one is written,
/// with its hashes and its position. A combined statistics event stays whole.
/// </remarks>
public interface IResumingSink : IEventSink
{
    /// <summary>
    /// The number of batches that can be written at the same time, at least 1, the default. More than one batch is written only
    /// without a spool, and never two batches with events of the same server.
    /// </summary>
    int WritesAtOnce => 1;

    /// <summary>Returns how far a spool was stored. Called at start, and after a failed write.</summary>
    /// <param name="spool">The spool: <see cref="SpoolPosition.Spool"/>.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    /// <returns>
    /// The <see cref="SpoolPosition.Sequence"/> of the last batch of this spool that was committed; 0 when none was.
    /// </returns>
    ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken);
}
