using JanusEvents.Observation;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>
/// The loop that writes to one sink. One that fails is reported and begun again, since senders may wait for it. Its end: in
/// order at first, given up when patience ends, and left behind when the sink heeds no cancellation, so that a sink that
/// hangs never keeps a host from stopping.
/// </summary>
internal sealed class WritingLoop : IDisposable
{
    private static readonly TimeSpan s_timeToGiveUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_beforeRestart = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _abandon = new();
    private readonly string _sink;
    private readonly Func<CancellationToken, Task> _run;
    private readonly SinkRecords _records;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _running;

    /// <summary>Begins.</summary>
    /// <param name="sink">How messages call the sink.</param>
    /// <param name="run">The loop; its token is cancelled when it has to give up what it writes.</param>
    /// <param name="records">Where a loop that fails is recorded, for health.</param>
    /// <param name="time">Measures the time to give up.</param>
    /// <param name="logger">Where a loop that fails, and a sink that hangs, are reported.</param>
    public WritingLoop(string sink, Func<CancellationToken, Task> run, SinkRecords records, TimeProvider time, ILogger logger)
    {
        _sink = sink;
        _run = run;
        _records = records;
        _time = time;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Waits for the end of a loop that was asked to end.</summary>
    /// <param name="patience">Cancelled when the write in progress is to be given up.</param>
    public async Task EndAsync(CancellationToken patience)
    {
        await _running.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_running.IsCompleted)
            return;

        // Not awaited: what the sink does when it is cancelled may hang as well.
        _ = _abandon.CancelAsync();
        await _running.WaitAsync(s_timeToGiveUp, _time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_running.IsCompleted)
            DeliveryLog.SinkLeftBehind(_logger, _sink);
    }

    public void Dispose()
    {
        if (_running.IsCompleted)
            _abandon.Dispose();
    }

    private async Task RunAsync()
    {
        CancellationToken abandon = _abandon.Token;
        while (true)
        {
            try
            {
                await _run(abandon).ConfigureAwait(false);
                return;
            }
#pragma warning disable CA1031 // The loop handles what its sink throws; whatever else it is, senders must not wait for nobody.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (abandon.IsCancellationRequested)
                    return;
                DeliveryLog.LoopFailed(_logger, e, _sink);
                _records.LoopFailed(_sink, e);
            }

            await Task.Delay(s_beforeRestart, _time, abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
