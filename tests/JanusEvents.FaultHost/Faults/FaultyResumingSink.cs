namespace JanusEvents.FaultHost.Faults;

/// <summary>A <see cref="FaultySink"/> around a sink that knows how far a spool was stored.</summary>
internal sealed class FaultyResumingSink(IResumingSink sink, FaultHostOptions options) : FaultySink(sink, options), IResumingSink
{
    public ValueTask<long> ReadPositionAsync(Guid spool, CancellationToken cancellationToken) =>
        sink.ReadPositionAsync(spool, cancellationToken);
}
