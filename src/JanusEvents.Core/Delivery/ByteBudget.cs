using JanusEvents.Observation;

namespace JanusEvents.Delivery;

/// <summary>
/// The bytes that all requests of the host may hold in memory together. A request that needs more than is left waits, in the
/// order of arrival; one that holds bytes already goes before those that hold none, since its end frees some. While nothing
/// but unfinished bodies holds bytes, waiting might free nothing: one of them at a time then goes ahead beyond the capacity
/// until its end, so that neither those that wait nor senders that fall silent keep the others from being read.
/// </summary>
internal sealed class ByteBudget
{
    private readonly long _capacity;
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _growing = new();
    private readonly LinkedList<Waiter> _newcomers = new();
    private long _reserved;

    // Bytes of bodies that are whole: they are given back when these are stored.
    private long _settled;
    private ByteReservation? _ahead;

    public ByteBudget(long capacity, JanusEventsMeter meter)
    {
        _capacity = capacity;
        meter.Meter.CreateObservableUpDownCounter("janus_events.memory.reserved", () => Reserved, "By", "Bytes of MaxBytesInMemory reserved by requests.");
        meter.Meter.CreateObservableUpDownCounter("janus_events.memory.waiting", () => (long)Waiting, "{request}", "Requests waiting for bytes of MaxBytesInMemory.");
    }

    /// <summary>How many bytes are reserved. It exceeds the capacity by what one body needs at the most.</summary>
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
            waiter.Place = reservation == _ahead ? _growing.AddFirst(waiter)
                : reservation.Held > 0 ? _growing.AddLast(waiter)
                : _newcomers.AddLast(waiter);
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
            if (reservation.IsSettled)
                _settled -= bytes;
            if (reservation.Held == 0 && reservation == _ahead)
                _ahead = null;
            Grant();
        }
    }

    internal void Settle(ByteReservation reservation)
    {
        lock (_gate)
        {
            if (reservation.IsSettled)
                return;

            reservation.IsSettled = true;
            _settled += reservation.Held;
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
            if (_reserved + next.Bytes > _capacity)
            {
                if (!MayGoAhead(next.Reservation))
                    return;
                _ahead = next.Reservation;
            }

            Remove(next);
            _reserved += next.Bytes;
            next.Reservation.Held += next.Bytes;
            next.Granted.TrySetResult();
        }
    }

    // A body that is bigger than the whole budget passes when it is alone, or when it is its turn to go ahead.
    private bool MayGoAhead(ByteReservation reservation) => reservation.Held > 0
        ? _settled == 0 && (_ahead is null || _ahead == reservation)
        : _reserved == 0;

    private static void Remove(Waiter waiter) => waiter.Place!.List!.Remove(waiter.Place);

    private sealed class Waiter(ByteReservation reservation, long bytes)
    {
        public ByteReservation Reservation => reservation;

        public long Bytes => bytes;

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Place { get; set; }

        public void Cancel(CancellationToken token) => reservation.Budget.Cancel(this, token);
    }
}
