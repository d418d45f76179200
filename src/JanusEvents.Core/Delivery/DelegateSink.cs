namespace JanusEvents.Delivery;

/// <summary>Makes a sink of a delegate.</summary>
internal sealed class DelegateSink(Func<EventBatch, CancellationToken, ValueTask> write) : IEventSink
{
    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) => write(batch, cancellationToken);
}
