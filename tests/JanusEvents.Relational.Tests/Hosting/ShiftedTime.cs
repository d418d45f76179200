namespace JanusEvents.Relational.Tests.Hosting;

/// <summary>The time of day plus as much as a test says. Whoever waits for a minute or a day waits for a moment.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private long _ticks;

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));

    /// <inheritdoc/>
    public override long GetTimestamp() =>
        base.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds * TimestampFrequency);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > Moment ? Moment : dueTime, period);
}
