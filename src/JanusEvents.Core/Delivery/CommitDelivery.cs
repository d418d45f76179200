using JanusEvents.Observation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>
/// Acknowledge after commit: a body waits until every required sink has stored it. Each sink takes what waits as soon as
/// it is free (group commit without a timer), in the order of arrival.
/// </summary>
internal sealed class CommitDelivery : HostedDelivery
{
    // Once nobody waits for its answer, a write that does not end soon must not hold up the host's end.
    private static readonly TimeSpan s_timeToEndWrites = TimeSpan.FromSeconds(2);

    private readonly PendingBodies _pending = new();
    private readonly TimeProvider _time;
    private readonly SinkWriter[] _writers;
    private readonly BestEffortWriters _bestEffort;

    public CommitDelivery(
        IEnumerable<SinkRegistration> sinks,
        BestEffortWriters bestEffort,
        IServiceProvider services,
        IOptions<JanusEventsOptions> options,
        Intake intake,
        DeliveryMetrics metrics,
        Tracing tracing,
        SinkRecords records,
        TimeProvider time,
        ContainedLogger<CommitDelivery> logger)
        : base(options.Value, intake, metrics, tracing)
    {
        _bestEffort = bestEffort;
        _time = time;
        _writers =
        [
            .. sinks.Where(s => s.Required).Select(s =>
                new SinkWriter(s.Name, s.Open(services, holdsAnswers: true), _pending, Stored, options.Value, records, time, logger)),
        ];
    }

    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _pending.Close();
        using CancellationTokenSource timeToEnd = new(Timeout.InfiniteTimeSpan, _time);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeToEnd.Token);
        Task stopped = Task.WhenAll(_writers.Select(w => w.StopAsync(patience.Token)));
        await Task.WhenAny(stopped, _pending.NobodyWaits).ConfigureAwait(false);
        timeToEnd.CancelAfter(s_timeToEndWrites);
        await stopped.ConfigureAwait(false);
        await _bestEffort.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override ValueTask<bool> TakeAsync(ReceivedBody body, CancellationToken cancellationToken) =>
        _pending.WaitAsync(body, _writers.Length, Begin, cancellationToken);

    protected override async ValueTask DisposeOnceAsync()
    {
        _pending.Close();
        foreach (SinkWriter writer in _writers)
            await writer.DisposeAsync().ConfigureAwait(false);
    }

    private void Begin(PendingBody pending)
    {
        foreach (SinkWriter writer in _writers)
            writer.Enqueue(pending);
        if (_writers.Length == 0)
            Stored(pending);
    }

    private void Stored(PendingBody pending) => _pending.Stored(pending, _bestEffort.Offer);
}
