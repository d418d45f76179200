using JanusEvents.Delivery;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Sqlite.Spool;

/// <summary>Moves what lies in the spool to one sink, in order and at the sink's own pace, for as long as it takes.</summary>
internal sealed class SpoolDrain(
    string name,
    IEventSink sink,
    SpoolFile file,
    SpoolOptions spool,
    JanusEventsOptions options,
    JanusEventParser parser,
    TimeProvider time,
    Action<SpoolDrain> moved,
    ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _more = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private long _done;
    private Task _running = Task.CompletedTask;

    /// <summary>How messages call the sink.</summary>
    public string Name => name;

    /// <summary>The number of the last body that the sink has stored.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Held up the others when the spool was full, and misses bodies that were removed since.</summary>
    public bool Suspended { get; private set; }

    public void Start(CancellationToken abandon)
    {
        _done = file.ReadDone(name);
        _running = Task.Run(() => RunAsync(abandon), CancellationToken.None);
    }

    /// <summary>Says that the spool holds more.</summary>
    public void Wake()
    {
        try
        {
            _more.Release();
        }
        catch (SemaphoreFullException)
        {
            // It knows already.
        }
    }

    /// <summary>Gives up its place: bodies are removed that it has not stored.</summary>
    public void Suspend()
    {
        Suspended = true;
        SpoolLog.SinkSuspended(logger, name, file.Path);
    }

    /// <summary>Ends after the batch that is being written.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
        _more.Dispose();
    }

    private async Task RunAsync(CancellationToken abandon)
    {
        Backoff backoff = new(options, time);
        bool resumed = sink is not IResumingSink;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                // What the sink itself says counts, at the start and after a failure whose outcome is unknown.
                if (!resumed)
                {
                    long stored = await ((IResumingSink)sink).ReadPositionAsync(file.Id, abandon).ConfigureAwait(false);
                    Interlocked.Exchange(ref _done, Math.Max(_done, stored));
                    resumed = true;
                }

                EventBatch? batch = NextBatch();
                if (batch is null)
                {
                    await _more.WaitAsync(_stop.Token).ConfigureAwait(false);
                    continue;
                }

                await sink.WriteAsync(batch, abandon).ConfigureAwait(false);
                Interlocked.Exchange(ref _done, batch.Position!.Value.Sequence);
                if (backoff.Failures > 0)
                    SpoolLog.SinkRecovered(logger, name, backoff.Failures);
                backoff.Reset();
                Suspended = false;
                moved(this);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever a sink throws means "not stored"; the bodies are safe, and are tried again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                resumed = sink is not IResumingSink;
                SpoolLog.SinkFailed(logger, e, name, backoff.Failures + 1);
                await backoff.WaitAsync(_stop.Token).ConfigureAwait(false);
            }
        }
    }

    private EventBatch? NextBatch()
    {
        List<SpooledBody> spooled = file.Read(Done, options.MaxBatchBytes);
        if (spooled.Count == 0)
            return null;

        if (Suspended && spooled[0].Sequence > Done + 1)
            SpoolLog.BodiesMissed(logger, name, spooled[0].Sequence - Done - 1);

        BatchLimit limit = new(options);
        List<ReceivedBody> bodies = [];
        long last = Done;
        DateTimeOffset oldest = time.GetUtcNow() - spool.HashWindow;
        foreach (SpooledBody body in spooled)
        {
            ReceivedBody received = new(body.Json, parser.Parse(body.Json), body.ArrivedAt, body.RemoteAddress)
            {
                Sequence = body.Sequence,
            };
            if (!limit.Takes(received))
                break;
            if (body.ArrivedAt < oldest)
                SpoolLog.OlderThanWindow(logger, body.Sequence, body.ArrivedAt, spool.HashWindow);
            bodies.Add(received);
            last = body.Sequence;
        }

        return new EventBatch(bodies) { Position = new SpoolPosition(file.Id, last) };
    }
}
