namespace JanusEvents.Dashboard.Streams;

/// <summary>The events of one handle, from the live feed, as they come. Those that the store gave already are told apart by their bytes.</summary>
internal sealed class CallEvents : IAsyncDisposable
{
    private const int MostWaiting = 10_000;

    private readonly CallKey _key;
    private readonly CancellationTokenSource _end;
    private readonly Lock _gate = new();
    private readonly Queue<JanusEvent> _waiting = new();
    private readonly Task _reading;

    private CallEvents(IJanusEventFeed feed, CallKey key, CancellationToken cancellationToken)
    {
        _key = key;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _reading = ReadAsync(feed.ReadAsync(_end.Token), _end.Token);
    }

    public static CallEvents Begin(IJanusEventFeed feed, CallKey key, CancellationToken cancellationToken) => new(feed, key, cancellationToken);

    /// <summary>The events since the last call.</summary>
    public IReadOnlyList<JanusEvent> Take()
    {
        lock (_gate)
        {
            JanusEvent[] events = [.. _waiting];
            _waiting.Clear();
            return events;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task ReadAsync(IAsyncEnumerable<JanusEvent> feed, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (JanusEvent e in feed.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (e.SessionId != _key.Session || e.HandleId != _key.Handle || e.Emitter != _key.Emitter)
                    continue;
                lock (_gate)
                {
                    if (_waiting.Count < MostWaiting)
                        _waiting.Enqueue(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody reads any more.
        }
    }
}
