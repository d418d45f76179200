namespace JanusEvents.Delivery;

/// <summary>
/// The bytes that all requests of the host may hold in memory together. Who needs more than is left waits, in the order
/// of coming; who holds bytes already and needs more goes before those who hold none, since its end frees some.
/// </summary>
internal sealed class ByteBudget(long capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _growing = new();
    private readonly LinkedList<Waiter> _newcomers = new();
    private long _reserved;
    private long _heldByWaiters;

    /// <summary>How many bytes are reserved. It passes the capacity only where nobody could go on otherwise.</summary>
    public long Reserved
    {
        get
        {
            lock (_gate)
                return _reserved;
        }
    }

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _growing.Count + _newcomers.Count;
        }
    }

    /// <summary>Begins a reservation that holds nothing yet.</summary>
    public ByteReservation Open() => new(this);

    internal async ValueTask AddAsync(ByteReservation reservation, long bytes, CancellationToken cancellationToken)
    {
        if (bytes <= 0)
            return;

        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter = new(reservation, bytes);
        lock (_gate)
        {
            LinkedList<Waiter> queue = reservation.Held > 0 ? _growing : _newcomers;
            waiter.Place = queue.AddLast(waiter);
            _heldByWaiters += reservation.Held;
            Grant();
        }

        using (cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).Cancel(token), waiter))
            await waiter.Granted.Task.ConfigureAwait(false);
    }

    internal void Release(ByteReservation reservation, long bytes)
    {
        lock (_gate)
        {
            _reserved -= bytes;
            reservation.Held -= bytes;
            Grant();
        }
    }

    private void Cancel(Waiter waiter, CancellationToken token)
    {
        lock (_gate)
        {
            if (waiter.Place?.List is null)
                return;

            Remove(waiter);
            Grant();
        }

        waiter.Granted.TrySetCanceled(token);
    }

    private void Grant()
    {
        while ((_growing.First ?? _newcomers.First)?.Value is { } next)
        {
            // Where all that is reserved belongs to those who wait, waiting would free nothing: the first goes on
            // whatever it needs. This is also how a body passes that is bigger than the whole budget.
            if (_reserved + next.Bytes > capacity && _reserved > _heldByWaiters)
                return;

            Remove(next);
            _reserved += next.Bytes;
            next.Reservation.Held += next.Bytes;
            next.Granted.TrySetResult();
        }
    }

    private void Remove(Waiter waiter)
    {
        waiter.Place!.List!.Remove(waiter.Place);
        _heldByWaiters -= waiter.Reservation.Held;
    }

    private sealed class Waiter(ByteReservation reservation, long bytes)
    {
        public ByteReservation Reservation => reservation;

        public long Bytes => bytes;

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Place { get; set; }

        public void Cancel(CancellationToken token) => reservation.Budget.Cancel(this, token);
    }
}
