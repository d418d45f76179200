using JanusEvents.Delivery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Sqlite.Spool;

/// <summary>
/// Acknowledge after spool: a body is written to a local file and flushed, then answered. Each required sink is fed from
/// the file at its own pace; a body is removed when all of them have it.
/// </summary>
internal sealed class SpoolDelivery(
    SpoolSettings settings,
    IEnumerable<SinkRegistration> sinks,
    BestEffortWriters bestEffort,
    IServiceProvider services,
    IOptions<JanusEventsOptions> options,
    JanusEventParser parser,
    TimeProvider time,
    ILogger<SpoolDelivery> logger) : HostedDelivery, IEventSpool
{
    private readonly PendingBodies _pending = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Lock _gate = new();
    private SpoolFile? _file;
    private SinkWriter? _writer;
    private SpoolDrain[] _drains = [];

    public string Path { get; } = System.IO.Path.GetFullPath(settings.Path);

    public SpoolBacklog ReadBacklog() => _file is { } file
        ? new SpoolBacklog(file.Bodies, file.Bytes, file.OldestArrivedAt(), [.. _drains.Where(d => d.Suspended).Select(d => d.Name)])
        : new SpoolBacklog(0, 0, null, []);

    public override ValueTask<bool> DeliverAsync(ReceivedBody body, CancellationToken giveUp) => _writer is { } writer
        ? _pending.WaitAsync(body, 1, writer.Enqueue, giveUp)
        : throw new InvalidOperationException("The spool is open only while the host runs.");

    /// <summary>Opens the file before anything else starts, so that a spool in use is an error at start.</summary>
    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        _file = SpoolFile.Open(Path, settings.Options, time);
        _drains =
        [
            .. sinks.Where(s => s.Required).Select(s => new SpoolDrain(
                s.Name, s.Resolve(services), _file, settings.Options, options.Value, parser, time, Moved, logger)),
        ];
        foreach (SpoolDrain drain in _drains)
            drain.Start(_abandon.Token);

        SpoolAppender appender = new(_file, SuspendLaggards, Wake);
        _writer = new SinkWriter("spool", appender, _pending.IsWanted, Spooled, options.Value, time, logger);
        SpoolLog.Opened(logger, Path, _file.Bodies);
        return Task.CompletedTask;
    }

    /// <summary>Writes to the file what was accepted; what lies in the file waits for the next start.</summary>
    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _pending.Close();
        if (_writer is not null)
            await _writer.StopAsync(cancellationToken).ConfigureAwait(false);

        using (cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _abandon))
            await Task.WhenAll(_drains.Select(d => d.StopAsync())).ConfigureAwait(false);
        await bestEffort.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask DisposeOnceAsync()
    {
        _pending.Close();
        await _abandon.CancelAsync().ConfigureAwait(false);
        if (_writer is not null)
            await _writer.DisposeAsync().ConfigureAwait(false);
        foreach (SpoolDrain drain in _drains)
            await drain.DisposeAsync().ConfigureAwait(false);
        _file?.Dispose();
        _abandon.Dispose();
    }

    private void Spooled(PendingBody pending)
    {
        if (_pending.Stored(pending))
            bestEffort.Offer(pending.Body);
    }

    private void Wake()
    {
        foreach (SpoolDrain drain in _drains)
            drain.Wake();
    }

    private void Moved(SpoolDrain drain)
    {
        lock (_gate)
            _file!.Forget(drain.Name, drain.Done, DoneByAll());
    }

    /// <summary>
    /// The spool is full. A sink for which alone more than half of it is kept gives up its place, so that the others can go
    /// on; otherwise the senders must keep what is new.
    /// </summary>
    private void SuspendLaggards()
    {
        lock (_gate)
        {
            foreach (SpoolDrain drain in _drains.Where(d => !d.Suspended))
            {
                SpoolDrain[] others = [.. _drains.Where(d => !d.Suspended && d != drain)];
                if (others.Length == 0)
                    return;

                long keptForIt = _file!.BytesBetween(drain.Done, others.Min(d => d.Done));
                if (keptForIt <= settings.Options.MaxBytes / 2)
                    continue;

                drain.Suspend();
                _file.Forget(others[0].Name, others[0].Done, DoneByAll());
            }
        }
    }

    private long DoneByAll() => _drains.Where(d => !d.Suspended).Select(d => d.Done).DefaultIfEmpty(0).Min();
}
