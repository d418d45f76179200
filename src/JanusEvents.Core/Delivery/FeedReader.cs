using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>
/// One who reads the feed, and the bodies that wait for it. When too many bytes wait, all that waits is dropped at once,
/// so that a slow reader sees pieces without gaps, and the newest of them.
/// </summary>
internal sealed class FeedReader : IAsyncEnumerator<JanusEvent>
{
    private readonly EventFeed _feed;
    private readonly long _maxBytes;
    private readonly Action<long>? _tellMissed;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource? _linked;
    private readonly CancellationToken _cancellation;
    private readonly Lock _gate = new();
    private readonly Queue<ReceivedBody> _waiting = [];
    private IReadOnlyList<JanusEvent> _events = [];
    private int _next;
    private long _bytes;
    private long _missed;
    private bool _ended;
    private bool _warned;
    private TaskCompletionSource? _more;

    public FeedReader(
        EventFeed feed,
        long maxBytes,
        Action<long>? missed,
        ILogger logger,
        CancellationToken first,
        CancellationToken second)
    {
        _feed = feed;
        _maxBytes = maxBytes;
        _tellMissed = missed;
        _logger = logger;
        if (first.CanBeCanceled && second.CanBeCanceled)
            _linked = CancellationTokenSource.CreateLinkedTokenSource(first, second);
        _cancellation = _linked?.Token ?? (first.CanBeCanceled ? first : second);
    }

    public JanusEvent Current { get; private set; } = null!;

    public async ValueTask<bool> MoveNextAsync()
    {
        while (_next == _events.Count)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (TakeBody(out long missed) is { } body)
            {
                (_events, _next) = (body.Events, 0);
                if (missed > 0)
                    _tellMissed?.Invoke(missed);
            }
            else if (MoreOrEnd() is { } more)
            {
                await more.WaitAsync(_cancellation).ConfigureAwait(false);
            }
            else
            {
                return false;
            }
        }

        Current = _events[_next++];
        return true;
    }

    public ValueTask DisposeAsync()
    {
        _feed.Close(this);
        End();
        _linked?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Puts a body behind those that wait.</summary>
    public void Offer(ReceivedBody body)
    {
        if (body.Events.Count == 0)
            return;

        long missedFirst = 0;
        lock (_gate)
        {
            if (_waiting.Count > 0 && _bytes + body.Json.Length > _maxBytes)
            {
                foreach (ReceivedBody waiting in _waiting)
                    _missed += waiting.Events.Count;
                _waiting.Clear();
                _bytes = 0;
                missedFirst = _warned ? 0 : _missed;
                _warned = true;
            }

            _waiting.Enqueue(body);
            _bytes += body.Json.Length;
            Signal();
        }

        if (missedFirst > 0)
            DeliveryLog.FeedReaderBehind(_logger, missedFirst);
    }

    /// <summary>Lets it end after what waits.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Signal();
        }
    }

    private ReceivedBody? TakeBody(out long missed)
    {
        lock (_gate)
        {
            missed = _missed;
            if (!_waiting.TryDequeue(out ReceivedBody? body))
                return null;

            _missed = 0;
            _bytes -= body.Json.Length;
            return body;
        }
    }

    /// <summary>Completes when there is more to take; null when nothing will come any more.</summary>
    private Task? MoreOrEnd()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0)
                return Task.CompletedTask;
            if (_ended)
                return null;

            _more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _more.Task;
        }
    }

    private void Signal()
    {
        _more?.TrySetResult();
        _more = null;
    }
}
