using JanusEvents.Observation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>
/// The sinks that must never hold up anything: each has a bounded queue of its own, and what does not fit or fails is
/// dropped and counted. They, the readers of the live feed, and what is observed of the servers see a body once the
/// required sinks have it.
/// </summary>
internal sealed class BestEffortWriters(
    IEnumerable<SinkRegistration> sinks,
    EventFeed feed,
    ObservedServers observed,
    DeliveryMetrics metrics,
    IServiceProvider services,
    IOptions<JanusEventsOptions> options,
    TimeProvider time,
    ILogger<BestEffortWriters> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_timeToWrite = TimeSpan.FromSeconds(2);

    private readonly BestEffortWriter[] _writers =
    [
        .. sinks.Where(s => !s.Required).Select(s => new BestEffortWriter(s.Name, s.Open(services, holdsAnswers: false), options.Value, metrics, time, logger)),
    ];

    /// <summary>How many events were dropped so far, for all of these sinks together.</summary>
    public long Dropped => _writers.Sum(w => w.Dropped);

    public void Offer(ReceivedBody body)
    {
        observed.NoteStored(body);
        foreach (BestEffortWriter writer in _writers)
            writer.Offer(body);
        feed.Offer(body);
    }

    /// <summary>Writes what waits, as far as that is quickly done: a host's end is not held up for what may be lost.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeToWrite = new(s_timeToWrite, time);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeToWrite.Token);
        await Task.WhenAll(_writers.Select(w => w.StopAsync(patience.Token))).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (BestEffortWriter writer in _writers)
            await writer.DisposeAsync().ConfigureAwait(false);
    }
}
