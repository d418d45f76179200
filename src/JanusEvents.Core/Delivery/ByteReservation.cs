namespace JanusEvents.Delivery;

/// <summary>The part of a <see cref="ByteBudget"/> that one request holds, until it is disposed.</summary>
internal sealed class ByteReservation(ByteBudget budget) : IDisposable
{
    internal ByteBudget Budget => budget;

    /// <summary>How many bytes it holds. Guarded by the budget's lock; one call at a time changes it.</summary>
    public long Held { get; internal set; }

    /// <summary>Whether its body is whole. Guarded by the budget's lock.</summary>
    internal bool IsSettled { get; set; }

    /// <summary>Reserves more bytes, and waits until there are some left.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; nothing more is reserved.</exception>
    public ValueTask AddAsync(long bytes, CancellationToken cancellationToken) =>
        budget.AddAsync(this, bytes, cancellationToken);

    /// <summary>
    /// Says that the body is whole and needs no more: its bytes are given back once it is stored, however slow its sender is.
    /// </summary>
    public void Settle() => budget.Settle(this);

    /// <summary>Gives back some of the bytes.</summary>
    public void Release(long bytes) => budget.Release(this, bytes);

    public void Dispose()
    {
        if (Held > 0)
            budget.Release(this, Held);
    }
}
