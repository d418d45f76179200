using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>
/// Acknowledge after commit: a body waits until every required sink has stored it. Each sink takes what waits as soon as
/// it is free (group commit without a timer), in the order of arrival. Bodies that wait or are being written are known
/// by their hash, so that a body that comes again meanwhile joins the attempt in progress.
/// </summary>
internal sealed class CommitDelivery : IBodyDelivery, IHostedLifecycleService, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<BodyHash, PendingBody> _pending = [];
    private readonly SinkWriter[] _writers;
    private long _sequence;
    private bool _stopped;
    private bool _disposed;

    public CommitDelivery(
        IEnumerable<SinkRegistration> sinks,
        IServiceProvider services,
        IOptions<JanusEventsOptions> options,
        TimeProvider time,
        ILogger<CommitDelivery> logger)
    {
        _writers = [.. sinks.Select(s => new SinkWriter(s.Name, s.Resolve(services), this, options.Value, time, logger))];
    }

    public async ValueTask<bool> DeliverAsync(ReceivedBody body, CancellationToken giveUp)
    {
        PendingBody pending;
        lock (_gate)
        {
            if (_stopped)
                return false;

            BodyHash hash = BodyHash.Of(body);
            if (!_pending.TryGetValue(hash, out pending!))
            {
                body.Sequence = ++_sequence;
                pending = new PendingBody(body, _writers.Length);
                _pending.Add(hash, pending);
                foreach (SinkWriter writer in _writers)
                    writer.Enqueue(pending);
            }

            pending.Waiters++;
        }

        try
        {
            return await pending.Done.WaitAsync(giveUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            lock (_gate)
                pending.Waiters--;
        }
    }

    /// <summary>Asks whether a body still has somebody who waits for it, and gives it up if not.</summary>
    public bool IsWanted(PendingBody pending)
    {
        lock (_gate)
        {
            if (pending.Waiters > 0)
                return true;

            if (!pending.Dropped)
            {
                pending.Dropped = true;
                _pending.Remove(BodyHash.Of(pending.Body));
            }
        }

        pending.Complete(stored: false);
        return false;
    }

    /// <summary>Notes that a sink has stored a body.</summary>
    public void Stored(PendingBody pending)
    {
        if (!pending.StoredByOne())
            return;

        lock (_gate)
        {
            if (!pending.Dropped)
                _pending.Remove(BodyHash.Of(pending.Body));
        }

        pending.Complete(stored: true);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Drains what was accepted, after every other service has stopped, whatever the order in which they were
    /// registered: then no request waits any more that could bring another body.
    /// </summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            _stopped = true;

        foreach (SinkWriter writer in _writers)
            await writer.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // The services hold it under several types, and dispose it for each.
        lock (_gate)
        {
            _stopped = true;
            if (_disposed)
                return;
            _disposed = true;
        }

        foreach (SinkWriter writer in _writers)
            await writer.DisposeAsync().ConfigureAwait(false);
    }
}
