using System.Diagnostics;

namespace JanusEvents.Relational;

/// <summary>
/// Tells those who wait for work in the database how long its present call has been going on. The thread that does the
/// work knows it: calls of the driver may wait on such a thread.
/// </summary>
internal sealed class CallWatch
{
    [ThreadStatic]
    private static CallWatch? t_ofThisThread;

    private long _began;
    private long _limit;

    /// <summary>The watch of the work that this thread does; null on all other threads.</summary>
    public static CallWatch? OfThisThread => t_ofThisThread;

    /// <summary>The limit of the present call, if it took longer; null if not.</summary>
    public TimeSpan? Over
    {
        get
        {
            long began = Volatile.Read(ref _began);
            TimeSpan limit = new(Volatile.Read(ref _limit));
            return began != 0 && Stopwatch.GetElapsedTime(began) >= limit ? limit : null;
        }
    }

    /// <summary>Does work as far as it needs no other thread.</summary>
    public Task Run(Func<Task> work)
    {
        t_ofThisThread = this;
        try
        {
            return work();
        }
        finally
        {
            t_ofThisThread = null;
        }
    }

    public void Begin(TimeSpan limit)
    {
        Volatile.Write(ref _limit, limit.Ticks);
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
    }

    public void End() => Volatile.Write(ref _began, 0);
}
