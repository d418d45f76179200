using System.Collections.Concurrent;

namespace JanusEvents.Testing;

/// <summary>A clock that stands where the test sets it, and whose waits are over at once and kept.</summary>
public sealed class TestTime : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = [];

    /// <summary>What the clock says.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How long each wait so far would have been, in their order.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, dueTime, period);

        _waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
