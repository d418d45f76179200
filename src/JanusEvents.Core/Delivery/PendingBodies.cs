using JanusEvents.Parsing;

namespace JanusEvents.Delivery;

/// <summary>
/// The bodies that wait or are being stored, known by their hash: a retransmitted body joins the attempt in
/// progress instead of beginning another.
/// </summary>
internal sealed class PendingBodies
{
    private readonly Lock _gate = new();
    private readonly Dictionary<BodyHash, PendingBody> _byHash = [];
    private readonly TaskCompletionSource _nobodyWaits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sequence;
    private long _waiters;
    private bool _closed;

    /// <summary>Ends when it is closed and nobody waits any more.</summary>
    public Task NobodyWaits => _nobodyWaits.Task;

    /// <summary>Waits until a body is stored.</summary>
    /// <param name="body">The body.</param>
    /// <param name="stores">How many must store it.</param>
    /// <param name="begin">
    /// Begins to store it; called in the order of arrival, one at a time, unless the body is on its way already.
    /// </param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <returns>True when it is stored; false when it was given up or nothing is taken any more.</returns>
    public async ValueTask<bool> WaitAsync(
        ReceivedBody body,
        int stores,
        Action<PendingBody> begin,
        CancellationToken giveUp)
    {
        PendingBody pending;
        lock (_gate)
        {
            if (_closed)
                return false;

            BodyHash hash = BodyHash.Of(body);
            if (!_byHash.TryGetValue(hash, out pending!))
            {
                body.Sequence = ++_sequence;
                pending = new PendingBody(body, stores);
                _byHash.Add(hash, pending);
                begin(pending);
            }

            pending.Waiters++;
            _waiters++;
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
            {
                pending.Waiters--;
                _waiters--;
                SayWhenNobodyWaits();
            }
        }
    }

    /// <summary>Asks whether somebody still waits for a body, and gives it up if not.</summary>
    public bool IsWanted(PendingBody pending)
    {
        lock (_gate)
        {
            if (pending.Waiters > 0)
                return true;

            Remove(pending);
        }

        pending.Complete(stored: false);
        return false;
    }

    /// <summary>Gives up a body: its waiters get the outcome that it is not stored.</summary>
    public void GiveUp(PendingBody pending)
    {
        lock (_gate)
            Remove(pending);

        pending.Complete(stored: false);
    }

    /// <summary>Records that one of those that must store a body has done so.</summary>
    /// <param name="pending">The body.</param>
    /// <param name="last">Called when it was the last, before its waiters get the outcome, so that others know it as well.</param>
    public void Stored(PendingBody pending, Action<ReceivedBody>? last = null)
    {
        if (!pending.StoredByOne())
            return;

        lock (_gate)
            Remove(pending);

        try
        {
            last?.Invoke(pending.Body);
        }
        finally
        {
            pending.Complete(stored: true);
        }
    }

    /// <summary>Takes no more bodies.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            SayWhenNobodyWaits();
        }
    }

    private void SayWhenNobodyWaits()
    {
        if (_closed && _waiters == 0)
            _nobodyWaits.TrySetResult();
    }

    private void Remove(PendingBody pending)
    {
        // One that was dropped or stored may have been retransmitted meanwhile, under the same hash.
        BodyHash hash = BodyHash.Of(pending.Body);
        if (_byHash.TryGetValue(hash, out PendingBody? current) && current == pending)
            _byHash.Remove(hash);
    }
}
