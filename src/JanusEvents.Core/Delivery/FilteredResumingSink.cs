namespace JanusEvents.Delivery;

/// <summary>
/// A store that gets only what its filter takes. It is asked to store every batch all the same: it keeps the hashes of
/// the bodies and the place in the spool.
/// </summary>
internal sealed class FilteredResumingSink(IResumingSink sink, SinkFilter filter) : IResumingSink
{
    public int WritesAtOnce => sink.WritesAtOnce;

    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) =>
        sink.WriteAsync(filter.Apply(batch), cancellationToken);

    public ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken) =>
        sink.ReadPositionAsync(spool, cancellationToken);
}
