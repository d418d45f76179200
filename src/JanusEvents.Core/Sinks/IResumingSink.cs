namespace JanusEvents.Sinks;

/// <summary>
/// A sink that keeps <see cref="EventBatch.Position"/> in the same transaction as the events, so that nothing is stored
/// twice even when the spool was not told any more that a batch was stored.
/// </summary>
internal interface IResumingSink : IEventSink
{
    /// <summary>How many batches it can write at the same time, where they are not of a spool.</summary>
    int WritesAtOnce => 1;

    /// <summary>Asks how far a spool was stored.</summary>
    /// <returns>The number of the last body that was stored; 0 when nothing of this spool was.</returns>
    ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken);
}
