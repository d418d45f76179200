namespace JanusEvents.Dashboard.Streams;

/// <summary>Bounds how many streams are open at the same time.</summary>
internal sealed class StreamSlots(int most)
{
    private int _open;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _open) <= most)
            return true;
        Interlocked.Decrement(ref _open);
        return false;
    }

    public void Free() => Interlocked.Decrement(ref _open);
}
