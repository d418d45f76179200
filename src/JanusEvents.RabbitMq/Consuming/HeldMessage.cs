namespace JanusEvents.RabbitMq.Consuming;

/// <summary>A message that was read and is not acknowledged yet.</summary>
/// <param name="tag">The broker's number for it, on its channel.</param>
/// <param name="body">What it has.</param>
/// <param name="since">When it was read, as a timestamp.</param>
internal sealed class HeldMessage(ulong tag, ReceivedBody body, long since) : IDisposable
{
    private readonly CancellationTokenSource _giveUp = new();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ulong Tag => tag;

    public ReceivedBody Body => body;

    public long Since => since;

    /// <summary>Cancelled when it is not to be stored any more.</summary>
    public CancellationToken GivenUp => _giveUp.Token;

    /// <summary>True when it is stored; false when it was given up.</summary>
    public Task<bool> Ended => _ended.Task;

    public bool IsStored => _ended.Task is { IsCompletedSuccessfully: true, Result: true };

    public void End(bool stored) => _ended.TrySetResult(stored);

    /// <summary>Gives it up, unless a write of it has begun. Somebody else gets it from the broker.</summary>
    public void GiveUp() => _giveUp.Cancel();

    public void Dispose() => _giveUp.Dispose();
}
