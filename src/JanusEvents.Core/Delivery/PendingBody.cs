namespace JanusEvents.Delivery;

/// <summary>A body between its arrival and its being stored as safely as its sender is promised.</summary>
/// <param name="body">The body.</param>
/// <param name="stores">How many must store it before it counts as stored.</param>
internal sealed class PendingBody(ReceivedBody body, int stores)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _storesLeft = stores;

    public ReceivedBody Body { get; } = body;

    /// <summary>True when it is stored, false when it was given up.</summary>
    public Task<bool> Done => _done.Task;

    /// <summary>How many requests wait for it. Guarded by the lock of <see cref="PendingBodies"/>.</summary>
    public int Waiters { get; set; }

    /// <summary>Records that one more has stored it.</summary>
    /// <returns>True when it was the last.</returns>
    public bool StoredByOne() => Interlocked.Decrement(ref _storesLeft) <= 0;

    public void Complete(bool stored) => _done.TrySetResult(stored);
}
