using System.Threading.Channels;

namespace JanusEvents.Testing;

/// <summary>A sink whose every write waits until the test lets it end.</summary>
public sealed class ControlledSink : IEventSink
{
    private static readonly TimeSpan Limit = Wait.Limit;
    private readonly Channel<HeldWrite> _writes = Channel.CreateUnbounded<HeldWrite>();

    /// <summary>How many writes began that the test has not looked at.</summary>
    public int Unseen => _writes.Reader.Count;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        var write = new HeldWrite(batch, cancellationToken);
        _writes.Writer.TryWrite(write);
        await write.Outcome.ConfigureAwait(false);
    }

    /// <summary>Waits for the next write.</summary>
    public Task<HeldWrite> NextAsync() => _writes.Reader.ReadAsync().AsTask().WaitAsync(Limit);
}
