using System.Diagnostics;

namespace JanusEvents.Benchmarks.Ingest.Load;

/// <summary>Several Janus servers that post to one host, each one body at a time.</summary>
internal sealed class LoadGenerator
{
    private readonly Uri _backend;
    private readonly int _smallest;
    private readonly int _largest;

    /// <summary>Makes the servers.</summary>
    /// <param name="backend">The host.</param>
    /// <param name="senders">How many servers.</param>
    /// <param name="smallest">How many events the smallest body has.</param>
    /// <param name="largest">How many the largest has; bodies take turns from one to the other.</param>
    public LoadGenerator(Uri backend, int senders, int smallest, int largest)
    {
        _backend = backend;
        _smallest = smallest;
        _largest = largest;
        Servers = [.. Enumerable.Range(0, senders).Select(i => new Fleet(i))];
    }

    public IReadOnlyList<Fleet> Servers { get; }

    /// <summary>Sends a number of events, in requests that are made before the clock starts.</summary>
    /// <param name="events">How many, rounded down to whole bodies.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="begin">Called when the clock starts.</param>
    public LoadResult Send(long events, CancellationToken cancellationToken, Action? begin = null)
    {
        long each = events / Servers.Count;
        (byte[] Request, int Events)[][] requests = [.. Servers.Select(server => Take(server).ToArray())];
        begin?.Invoke();
        return Run(i => requests[i], cancellationToken);

        IEnumerable<(byte[], int)> Take(Fleet server)
        {
            long left = each;
            foreach ((byte[] request, int count) in Requests(server))
            {
                if (left < count)
                    yield break;

                left -= count;
                yield return (request, count);
            }
        }
    }

    /// <summary>Sends for a time, in requests that are made in passing.</summary>
    public LoadResult SendFor(TimeSpan time, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        return Run(i => Requests(Servers[i]).TakeWhile(_ => Stopwatch.GetElapsedTime(started) < time), cancellationToken);
    }

    private IEnumerable<(byte[] Request, int Events)> Requests(Fleet server)
    {
        for (int events = _smallest; ; events = events == _largest ? _smallest : events + 1)
            yield return (PostSocket.Request(_backend, server.NextBody(events)), events);
    }

    private LoadResult Run(Func<int, IEnumerable<(byte[] Request, int Events)>> requestsOf, CancellationToken cancellationToken)
    {
        long posts = 0;
        long events = 0;
        Exception? failure = null;
        using ManualResetEventSlim begin = new();
        Thread[] threads = [.. Servers.Select((_, i) => new Thread(() => Post(requestsOf(i))) { IsBackground = true })];
        foreach (Thread thread in threads)
            thread.Start();

        long started = Stopwatch.GetTimestamp();
        begin.Set();
        foreach (Thread thread in threads)
            thread.Join();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);

        cancellationToken.ThrowIfCancellationRequested();
        return failure is null ? new LoadResult(posts, events, elapsed) : throw new InvalidOperationException("A POST failed.", failure);

        void Post(IEnumerable<(byte[] Request, int Events)> requests)
        {
            begin.Wait(CancellationToken.None);
            PostSocket socket = new(_backend);
            long ownPosts = 0;
            long ownEvents = 0;
            try
            {
                foreach ((byte[] request, int count) in requests)
                {
                    if (failure is not null || cancellationToken.IsCancellationRequested)
                        break;

                    socket.Send(request);
                    ownPosts++;
                    ownEvents += count;
                }
            }
#pragma warning disable CA1031 // On a thread of its own; it ends the run.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }

            if (socket.Retransmissions > 0)
                Console.Error.WriteLine($"  {socket.Retransmissions} bodies were sent again: the host or the database did not keep up.");
            Interlocked.Add(ref posts, ownPosts);
            Interlocked.Add(ref events, ownEvents);
        }
    }
}
