using JanusEvents.Observation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>
/// The observers of stored bodies: the best-effort sinks, the readers of the live feed, and the telemetry. They
/// see a body once the required sinks have it. None of them holds up anything or reaches delivery: each sink has a bounded
/// queue, what does not fit or fails is dropped and counted, and what an observer throws is contained.
/// </summary>
internal sealed class BestEffortWriters : IAsyncDisposable
{
    private static readonly TimeSpan s_timeToWrite = TimeSpan.FromSeconds(2);

    private readonly Observers _observers;
    private readonly TimeProvider _time;
    private readonly BestEffortWriter[] _writers;
    private readonly (string Name, Action<ReceivedBody> Offer)[] _offers;

    public BestEffortWriters(
        IEnumerable<SinkRegistration> sinks,
        EventFeed feed,
        StoredBodies stored,
        Observers observers,
        DeliveryMetrics metrics,
        SinkRecords records,
        IServiceProvider services,
        IOptions<JanusEventsOptions> options,
        TimeProvider time,
        ContainedLogger<BestEffortWriters> logger)
    {
        _observers = observers;
        _time = time;
        _writers =
        [
            .. sinks.Where(s => !s.Required).Select(s => new BestEffortWriter(
                s.Name, s.Open(services, holdsAnswers: false), options.Value, metrics, records, time, logger)),
        ];
        _offers =
        [
            ("stored bodies", stored.Add),
            .. _writers.Select(w => ($"queue of sink {w.Name}", (Action<ReceivedBody>)w.Offer)),
            ("live feed", feed.Offer),
        ];
    }

    /// <summary>How many events were dropped so far, for all of these sinks together.</summary>
    public long Dropped => _writers.Sum(w => w.Dropped);

    /// <summary>Shows a stored body to all of them. Never throws.</summary>
    public void Offer(ReceivedBody body)
    {
        foreach ((string name, Action<ReceivedBody> offer) in _offers)
            _observers.Run(name, offer, body);
    }

    /// <summary>Writes what waits, as far as that is quickly done: a host's end is not held up for what may be lost.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeToWrite = new(s_timeToWrite, _time);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeToWrite.Token);
        await Task.WhenAll(_writers.Select(w => w.StopAsync(patience.Token))).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (BestEffortWriter writer in _writers)
            await writer.DisposeAsync().ConfigureAwait(false);
    }
}
