using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Live;

/// <summary>The last troubles that ended, and word of those that cannot wait for the next second.</summary>
internal sealed class LiveTroubles : ITroubleObserver
{
    private const int MostRecent = 100;

    private readonly Lock _gate = new();
    private readonly LinkedList<Trouble> _recent = new();
    private TaskCompletionSource _urgent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;

    public bool IsToldOfRestored => true;

    /// <summary>How many troubles of severity error or above began so far.</summary>
    public long Urgent => Interlocked.Read(ref _count);

    /// <summary>Is complete when the next of them begins.</summary>
    public Task NextUrgent
    {
        get
        {
            lock (_gate)
                return _urgent.Task;
        }
    }

    /// <summary>Those that ended last, the latest first.</summary>
    public IReadOnlyList<Trouble> Recent
    {
        get
        {
            lock (_gate)
                return [.. _recent];
        }
    }

    public void Changed(Trouble trouble, TroubleChange change)
    {
        TaskCompletionSource? urgent = null;
        lock (_gate)
        {
            if (trouble.Ended is not null)
            {
                _recent.AddFirst(trouble);
                if (_recent.Count > MostRecent)
                    _recent.RemoveLast();
            }

            if (change != TroubleChange.Ended && trouble.Severity >= TroubleSeverity.Error)
            {
                Interlocked.Increment(ref _count);
                (urgent, _urgent) = (_urgent, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        urgent?.TrySetResult();
    }
}
