using System.Collections.Concurrent;

namespace JanusEvents.Relational.Writing;

/// <summary>
/// The thread on which a sink talks to its database: it may wait there without taking a thread from those who receive.
/// One that does not come back is left behind, and the next work has another.
/// </summary>
internal sealed class WritingThread : IDisposable
{
    private BlockingCollection<Action>? _queue;

    /// <summary>Does something on the thread. Called by one caller at a time.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="hasLimit">Whether it is left behind when it takes too long.</param>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    public async Task RunAsync(Func<Task> work, bool hasLimit)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CallWatch watch = new();
        BlockingCollection<Action> queue = _queue ??= Start();
        queue.Add(() =>
        {
            try
            {
                watch.Run(work).GetAwaiter().GetResult();
                done.SetResult();
            }
#pragma warning disable CA1031 // Whoever waits for the work gets it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        });

        try
        {
            await (hasLimit ? TimeLimits.WriteInTimeAsync(done.Task, watch) : done.Task).ConfigureAwait(false);
        }
        finally
        {
            if (!done.Task.IsCompleted)
                Dispose();
        }
    }

    /// <summary>Lets the thread end when it has done what it does.</summary>
    public void Dispose()
    {
        _queue?.CompleteAdding();
        _queue = null;
    }

    private static BlockingCollection<Action> Start()
    {
        BlockingCollection<Action> queue = [];
        Thread thread = new(() =>
        {
            using (queue)
            {
                foreach (Action work in queue.GetConsumingEnumerable())
                    work();
            }
        })
        {
            IsBackground = true,
            Name = "JanusEvents sink",
        };
        thread.Start();
        return queue;
    }
}
