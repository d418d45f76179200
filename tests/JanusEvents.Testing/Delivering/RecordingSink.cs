namespace JanusEvents.Testing;

/// <summary>A sink that stores at once and keeps the numbers of what it got.</summary>
public sealed class RecordingSink : IEventSink
{
    private readonly Lock _gate = new();
    private readonly List<long> _numbers = [];

    /// <summary>The numbers of the events so far, in the order in which they came.</summary>
    public IReadOnlyList<long> Numbers
    {
        get
        {
            lock (_gate)
                return [.. _numbers];
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        lock (_gate)
            _numbers.AddRange(batch.Select(e => e.SessionId!.Value));
        return ValueTask.CompletedTask;
    }
}
