namespace JanusEvents.Delivery;

/// <summary>A body between its arrival and its being stored by every required sink.</summary>
internal sealed class PendingBody(ReceivedBody body, int sinks)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _sinksLeft = sinks;

    public ReceivedBody Body { get; } = body;

    /// <summary>True when every sink has stored it, false when it was given up.</summary>
    public Task<bool> Done => _done.Task;

    /// <summary>How many requests wait for it. Guarded by the delivery's lock.</summary>
    public int Waiters { get; set; }

    /// <summary>Given up because nobody waits for it any more. Guarded by the delivery's lock.</summary>
    public bool Dropped { get; set; }

    /// <summary>Notes that one more sink has stored it.</summary>
    /// <returns>True when it was the last.</returns>
    public bool StoredByOne() => Interlocked.Decrement(ref _sinksLeft) == 0;

    public void Complete(bool stored) => _done.TrySetResult(stored);
}
