using JanusEvents.Delivery;
using JanusEvents.Observation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.Spool;

/// <summary>
/// Acknowledge after spool: a body is written to a local file and flushed, then answered. Each required sink is fed from
/// the file at its own pace; a body is removed when all of them have it.
/// </summary>
internal sealed class SpoolDelivery : HostedDelivery, IEventSpool, IBacklog
{
    // Bodies in the file are safe, so that a sink that does not end its write soon must not hold up the host's end.
    private static readonly TimeSpan s_timeToEndWrites = TimeSpan.FromSeconds(2);

    private readonly SpoolSettings _settings;
    private readonly BestEffortWriters _bestEffort;
    private readonly JanusEventsOptions _options;
    private readonly JanusEventParser _parser;
    private readonly TimeProvider _time;
    private readonly ContainedLogger<SpoolDelivery> _logger;
    private readonly (string Name, IEventSink Sink)[] _sinks;
    private readonly SinkRecords _records;
    private readonly PendingBodies _pending = new();
    private readonly Lock _gate = new();
    private SpoolFile? _file;
    private SinkWriter? _writer;
    private SpoolDrain[] _drains = [];

    public SpoolDelivery(
        SpoolSettings settings,
        IEnumerable<SinkRegistration> sinks,
        BestEffortWriters bestEffort,
        IServiceProvider services,
        IOptions<JanusEventsOptions> options,
        JanusEventParser parser,
        Intake intake,
        DeliveryMetrics metrics,
        Tracing tracing,
        SinkRecords records,
        JanusEventsMeter meter,
        TimeProvider time,
        ContainedLogger<SpoolDelivery> logger)
        : base(options.Value, intake, metrics, tracing)
    {
        _settings = settings;
        _bestEffort = bestEffort;
        _options = options.Value;
        _parser = parser;
        _time = time;
        _logger = logger;
        _records = records;
        Path = System.IO.Path.GetFullPath(settings.Path);

        // The name is what the file keeps a sink's progress by.
        _sinks = [.. sinks.Where(s => s.Required).Select(s => (s.Name, s.Open(services, holdsAnswers: false)))];
        SpoolMetrics.Observe(meter, this, time);
    }

    public string Path { get; }

    public SpoolBacklog ReadBacklog() => _file is { } file
        ? new SpoolBacklog(file.Bodies, file.Bytes, file.OldestArrivedAt(), [.. _drains.Where(d => d.Suspended).Select(d => d.Name)])
        : new SpoolBacklog(0, 0, null, []);

    public BacklogFigures Read()
    {
        SpoolBacklog backlog = ReadBacklog();
        return new BacklogFigures(backlog.Bodies, backlog.Bytes, backlog.OldestArrivedAt, backlog.SuspendedSinks);
    }

    /// <summary>Opens the file before anything else starts, so that a spool in use is an error at start.</summary>
    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        _file = SpoolFile.Open(Path, _settings.Options, _time);
        _drains =
        [
            .. _sinks.Select(s => new SpoolDrain(
                s.Name, s.Sink, _file, _settings.Options, _options, _parser, Redaction, _records, _time, Moved, _logger)),
        ];
        foreach (SpoolDrain drain in _drains)
            drain.Start();

        SpoolAppender appender = new(_file, SuspendLaggards, Wake);
        _writer = new SinkWriter("spool", _records.Watch("spool", holdsAnswers: true, appender), _pending, Spooled, _options, _records, _time, _logger);
        SpoolLog.Opened(_logger, Path, _file.Bodies);
        return Task.CompletedTask;
    }

    /// <summary>Writes to the file what was accepted; what lies in the file waits for the next start.</summary>
    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _pending.Close();
        if (_writer is not null)
            await _writer.StopAsync(cancellationToken).ConfigureAwait(false);

        using CancellationTokenSource timeToEnd = new(s_timeToEndWrites, _time);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeToEnd.Token);
        await Task.WhenAll(_drains.Select(d => d.StopAsync(patience.Token)).Append(_bestEffort.StopAsync(patience.Token))).ConfigureAwait(false);
    }

    protected override ValueTask<bool> TakeAsync(ReceivedBody body, CancellationToken cancellationToken) => _writer is not null
        ? _pending.WaitAsync(body, 1, Begin, cancellationToken)
        : throw new InvalidOperationException("The spool is open only while the host runs.");

    protected override async ValueTask DisposeOnceAsync()
    {
        _pending.Close();
        if (_writer is not null)
            await _writer.DisposeAsync().ConfigureAwait(false);
        foreach (SpoolDrain drain in _drains)
            await drain.DisposeAsync().ConfigureAwait(false);
        _file?.Dispose();
    }

    private void Begin(PendingBody pending)
    {
        // Without a required sink nobody would ever fetch it from the file.
        if (_drains.Length == 0)
            Spooled(pending);
        else
            _writer!.Enqueue(pending);
    }

    private void Spooled(PendingBody pending) => _pending.Stored(pending, _bestEffort.Offer);

    private void Wake()
    {
        foreach (SpoolDrain drain in _drains)
            drain.Wake();
    }

    private void Moved(SpoolDrain drain)
    {
        lock (_gate)
            _file!.Record(drain.Name, drain.Done, DoneByAll());
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
                if (keptForIt <= _settings.Options.MaxBytes / 2)
                    continue;

                drain.Suspend();
                _file.Record(others[0].Name, others[0].Done, DoneByAll());
            }
        }
    }

    private long DoneByAll() => _drains.Where(d => !d.Suspended).Select(d => d.Done).DefaultIfEmpty(0).Min();
}
