namespace JanusEvents.AspNetCore.Tests.Hosting;

/// <summary>Time in which every wait is over a hundred times sooner.</summary>
internal sealed class ScaledTime : TimeProvider
{
    private const int Scale = 100;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(base.CreateTimer(callback, state, Scaled(dueTime), period));

    private static TimeSpan Scaled(TimeSpan time) => time > TimeSpan.Zero ? time / Scale : time;

    private sealed class Timer(ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(Scaled(dueTime), period);

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
