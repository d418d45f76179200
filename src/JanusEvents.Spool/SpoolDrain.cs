using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Redaction;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Spool;

/// <summary>Moves what lies in the spool to one sink, in order and at the sink's own pace, for as long as it takes.</summary>
internal sealed class SpoolDrain(
    string name,
    IEventSink sink,
    SpoolFile file,
    SpoolOptions spool,
    JanusEventsOptions options,
    JanusEventParser parser,
    BodyRedaction? redaction,
    SinkRecords records,
    TimeProvider time,
    Action<SpoolDrain> moved,
    ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _more = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Outage _outage = new(name, time, logger);
    private readonly MinuteCount _notRead = new(time);
    private readonly MinuteCount _notRecorded = new(time);
    private volatile bool _suspended;
    private long _done;
    private long _told;
    private bool _askedOnce;
    private bool _knowsPosition;
    private WritingLoop? _loop;

    /// <summary>How messages call the sink.</summary>
    public string Name => name;

    /// <summary>The number of the last body that the sink has stored.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Held up the others when the spool was full, and misses bodies that were removed since.</summary>
    public bool Suspended => _suspended;

    public void Start()
    {
        _done = _told = file.ReadDone(name);
        _loop = new WritingLoop(name, RunAsync, records, time, logger);
    }

    /// <summary>Signals that the spool holds more. Called by one thread at a time.</summary>
    public void Wake()
    {
        if (_more.CurrentCount == 0)
            _more.Release();
    }

    /// <summary>Gives up its place: bodies are removed that it has not stored.</summary>
    public void Suspend()
    {
        _suspended = true;
        SpoolLog.SinkSuspended(logger, name, file.Path);
    }

    /// <summary>Ends after the batch that is being written, or without it when patience ends.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_loop is not null)
            await _loop.EndAsync(patience).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // The semaphore and the source have nothing to dispose of, and a sink that hangs may come back to them.
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _loop?.Dispose();
    }

    private async Task RunAsync(CancellationToken abandon)
    {
        Backoff backoff = new(options, time);
        _knowsPosition = sink is not IResumingSink;
        while (!_stop.IsCancellationRequested)
        {
            switch (await TryStepAsync(abandon).ConfigureAwait(false))
            {
                case Step.Moved:
                    backoff.Reset();
                    break;
                case Step.Nothing:
                    await _more.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
                default:
                    await backoff.WaitAsync(_stop.Token).ConfigureAwait(false);
                    break;
            }
        }

        if (!abandon.IsCancellationRequested)
            Report();
    }

    /// <summary>Moves the next batch. Exceptions of the sink are handled further in, so that those here are the spool's own.</summary>
    private async ValueTask<Step> TryStepAsync(CancellationToken abandon)
    {
        try
        {
            return await StepAsync(abandon).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever is wrong with the file, the bodies may be read later.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_notRead.Add(1, out long failures))
            {
                SpoolLog.NotRead(logger, file.Path, name, failures, Outage.CauseOf(e));
                SpoolLog.FileFailedWith(logger, e);
            }

            return Step.Failed;
        }
    }

    private async ValueTask<Step> StepAsync(CancellationToken abandon)
    {
        if (!_knowsPosition)
        {
            if (await TryAskPositionAsync((IResumingSink)sink, abandon).ConfigureAwait(false) is not { } stored)
                return Step.Failed;
            TakePosition(stored);
            _knowsPosition = true;
        }

        bool reported = Report();
        if (NextBatch() is not { } batch)
            return reported ? Step.Nothing : Step.Failed;

        if (!await TryWriteAsync(batch, abandon).ConfigureAwait(false))
            return Step.Failed;

        Interlocked.Exchange(ref _done, batch.Position!.Value.Sequence);
        _suspended = false;
        _outage.Worked();
        return Step.Moved;
    }

    private async ValueTask<long?> TryAskPositionAsync(IResumingSink resuming, CancellationToken abandon)
    {
        try
        {
            return await resuming.ReadPositionAsync(file.Id, abandon).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a sink throws, the bodies are safe, and it is asked again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SinkFailed(e);
            return null;
        }
    }

    private async ValueTask<bool> TryWriteAsync(EventBatch batch, CancellationToken abandon)
    {
        try
        {
            await sink.WriteAsync(batch, abandon).ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // Whatever a sink throws means "not stored"; the bodies are safe, and are tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SinkFailed(e);
            return false;
        }
    }

    private void SinkFailed(Exception exception)
    {
        _knowsPosition = sink is not IResumingSink;
        if (!(exception is OperationCanceledException && _stop.IsCancellationRequested))
            _outage.Failed(exception);
    }

    /// <summary>Takes over how far the sink has come, which counts more than what the spool recorded.</summary>
    private void TakePosition(long stored)
    {
        if (!_askedOnce && stored > file.LastAtOpen)
        {
            // An older copy of the file was put back: the numbers that it gives now were given before, to other bodies.
            SpoolLog.OlderCopy(logger, file.Path, name, stored, file.LastAtOpen);
            file.RenewId();
            stored = file.LastAtOpen;
        }

        _askedOnce = true;
        if (stored > Done)
            Interlocked.Exchange(ref _done, stored);
    }

    /// <summary>Records in the spool how far the sink has come.</summary>
    /// <returns>False when it could not be recorded, and is to be recorded again.</returns>
    private bool Report()
    {
        long done = Done;
        if (done == _told)
            return true;

        try
        {
            moved(this);
            _told = done;
            return true;
        }
        catch (SqliteException e)
        {
            if (_notRecorded.Add(1, out _))
            {
                SpoolLog.NotRecorded(logger, file.Path, name, Outage.CauseOf(e));
                SpoolLog.FileFailedWith(logger, e);
            }

            return false;
        }
    }

    private EventBatch? NextBatch()
    {
        List<SpooledBody> spooled = file.Read(Done, options.MaxBatchBytes, options.MaxBatchEvents);
        if (spooled.Count == 0)
            return null;

        // Numbers have no gaps but where bodies were removed.
        if (Done > 0 && spooled[0].Sequence > Done + 1)
            SpoolLog.BodiesMissed(logger, name, spooled[0].Sequence - Done - 1);

        BatchLimit limit = new(options);
        List<ReceivedBody> bodies = [];
        long last = Done;
        DateTimeOffset oldest = time.GetUtcNow() - spool.HashWindow;
        foreach (SpooledBody body in spooled)
        {
            ReceivedBody received = Received(body);
            received.Sequence = body.Sequence;
            if (!limit.Takes(received))
                break;
            if (body.ArrivedAt < oldest)
                SpoolLog.OlderThanWindow(logger, body.Sequence, body.ArrivedAt, spool.HashWindow);
            bodies.Add(received);
            last = body.Sequence;
        }

        return new EventBatch(bodies) { Position = new SpoolPosition(file.Id, last) };
    }

    private ReceivedBody Received(SpooledBody body)
    {
        ParsedBody parsed = parser.Parse(body.Json);
        if (body.Redacted is { } redacted)
        {
            RejectedElement[] rejected = [.. redacted.Rejected, .. parsed.Rejected.Select(element => element with { Bytes = default })];
            return new ReceivedBody(
                body.Json, new ParsedBody(parsed.Events, rejected), body.ArrivedAt, body.RemoteAddress, redacted.Hash);
        }

        // One that was spooled before anything was redacted.
        ReceivedBody received = new(body.Json, parsed, body.ArrivedAt, body.RemoteAddress);
        return redaction is null ? received : redaction.Redact(received);
    }

    private enum Step
    {
        Failed,
        Nothing,
        Moved,
    }
}
