namespace JanusEvents.AspNetCore.Tests.Hosting;

/// <summary>A sink that remembers what it got, and that can be told to wait or to fail.</summary>
internal sealed class EndpointSink : IEventSink
{
    private readonly Lock _gate = new();
    private readonly List<ReceivedBody> _stored = [];
    private TaskCompletionSource? _held;
    private int _begun;

    /// <summary>Thrown instead of storing, while it is set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How many writes have begun.</summary>
    public int Begun => Volatile.Read(ref _begun);

    public IReadOnlyList<ReceivedBody> Stored
    {
        get
        {
            lock (_gate)
                return [.. _stored];
        }
    }

    public IEnumerable<JanusEvent> Events => Stored.SelectMany(body => body.Events);

    /// <summary>Lets writes wait until <see cref="Release"/>.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _held, null)?.TrySetResult();

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _begun);
        if (_held is { } held)
            await held.Task.WaitAsync(cancellationToken);
        if (Failure is { } failure)
            throw failure;
        lock (_gate)
            _stored.AddRange(batch.Bodies);
    }
}
