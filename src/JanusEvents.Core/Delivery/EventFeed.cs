using JanusEvents.Observation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>
/// Hands what is stored to those who read along. They end when the host begins to stop, before its server waits for the
/// requests that they may be answering.
/// </summary>
internal sealed class EventFeed : IJanusEventFeed, IDisposable
{
    private readonly IOptions<JanusEventsOptions> _options;
    private readonly ContainedLogger<EventFeed> _logger;
    private readonly CancellationTokenRegistration _stopping;
    private readonly Lock _gate = new();
    private volatile FeedReader[] _readers = [];
    private bool _ended;

    public EventFeed(IOptions<JanusEventsOptions> options, ContainedLogger<EventFeed> logger, IHostApplicationLifetime? lifetime = null)
    {
        _options = options;
        _logger = logger;
        _stopping = lifetime?.ApplicationStopping.Register(End) ?? default;
    }

    /// <summary>How many read at present.</summary>
    public int Readers => _readers.Length;

    public IAsyncEnumerable<JanusEvent> ReadAsync(CancellationToken cancellationToken = default) =>
        new FeedSequence(this, null, cancellationToken);

    public IAsyncEnumerable<JanusEvent> ReadAsync(Action<long> missed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(missed);
        return new FeedSequence(this, missed, cancellationToken);
    }

    /// <summary>Gives a stored body to every reader.</summary>
    public void Offer(ReceivedBody body)
    {
        foreach (FeedReader reader in _readers)
            reader.Offer(body);
    }

    public FeedReader Open(Action<long>? missed, CancellationToken first, CancellationToken second)
    {
        FeedReader reader = new(this, _options.Value.BestEffortQueueBytes, missed, _logger, first, second);
        lock (_gate)
        {
            if (_ended)
                reader.End();
            else
                _readers = [.. _readers, reader];
        }

        return reader;
    }

    public void Close(FeedReader reader)
    {
        lock (_gate)
            _readers = [.. _readers.Where(other => other != reader)];
    }

    public void Dispose()
    {
        _stopping.Dispose();
        End();
    }

    private void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (FeedReader reader in _readers)
                reader.End();
            _readers = [];
        }
    }
}

/// <summary>The result of the feed's <c>ReadAsync</c>: each enumeration is a reader, from when it begins.</summary>
internal sealed class FeedSequence(EventFeed feed, Action<long>? missed, CancellationToken cancellation) : IAsyncEnumerable<JanusEvent>
{
    public IAsyncEnumerator<JanusEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        feed.Open(missed, cancellation, cancellationToken);
}
