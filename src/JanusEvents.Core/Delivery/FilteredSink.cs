namespace JanusEvents.Delivery;

/// <summary>A sink that gets only what its filter takes.</summary>
internal sealed class FilteredSink(IEventSink sink, SinkFilter filter) : IEventSink
{
    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        EventBatch taken = filter.Apply(batch);
        return taken.Count == 0 && taken.Bodies.All(body => body.Rejected.Count == 0)
            ? ValueTask.CompletedTask
            : sink.WriteAsync(taken, cancellationToken);
    }
}
