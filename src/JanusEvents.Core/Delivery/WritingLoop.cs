using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>
/// The loop that writes to one sink, and its end: in order at first, given up when patience ends, and left behind when
/// the sink heeds no cancellation, so that a sink that hangs never keeps a host from stopping.
/// </summary>
internal sealed class WritingLoop : IDisposable
{
    private static readonly TimeSpan s_timeToGiveUp = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _abandon = new();
    private readonly string _sink;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _running;

    /// <summary>Begins.</summary>
    /// <param name="sink">How messages call the sink.</param>
    /// <param name="run">The loop; its token is cancelled when it has to give up what it writes.</param>
    /// <param name="time">Measures the time to give up.</param>
    /// <param name="logger">Where a sink that hangs is reported.</param>
    public WritingLoop(string sink, Func<CancellationToken, Task> run, TimeProvider time, ILogger logger)
    {
        _sink = sink;
        _time = time;
        _logger = logger;
        _running = Task.Run(() => run(_abandon.Token));
    }

    /// <summary>Waits for the end of a loop that was told to end.</summary>
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
}
