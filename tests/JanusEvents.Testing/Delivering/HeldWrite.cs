namespace JanusEvents.Testing;

/// <summary>A write into a <see cref="ControlledSink"/> that has begun and waits for its end.</summary>
/// <param name="batch">What is to be written.</param>
/// <param name="cancellationToken">The token that the sink was given.</param>
public sealed class HeldWrite(EventBatch batch, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The numbers of its events.</summary>
    public IReadOnlyList<long> Numbers { get; } = [.. batch.Select(e => e.SessionId!.Value)];

    /// <summary>What is to be written.</summary>
    public EventBatch Batch => batch;

    /// <summary>The token that the sink was given.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    internal Task Outcome => _outcome.Task;

    /// <summary>Ends it: everything is stored.</summary>
    public void Store() => _outcome.SetResult();

    /// <summary>Ends it: nothing is stored.</summary>
    public void Fail(Exception? exception = null) => _outcome.SetException(exception ?? new IOException("The store is away."));

    /// <summary>Lets it end when it is cancelled, as a sink does that heeds its token.</summary>
    public void HeedCancellation() => cancellationToken.Register(() => _outcome.TrySetCanceled(cancellationToken));
}
