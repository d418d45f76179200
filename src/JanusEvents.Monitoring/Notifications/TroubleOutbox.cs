using System.Threading.Channels;
using JanusEvents.Observation;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>
/// The notifications of one handler: a plan, and a loop that calls the handler, one notification at a time. Each handler has a loop
/// of its own, so that one that hangs delays nobody else.
/// </summary>
internal sealed class TroubleOutbox : IDisposable
{
    private static readonly TimeSpan s_timeToGiveUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_beforeRestart = TimeSpan.FromMinutes(1);

    // A signal that is there already needs no second one.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly TroubleHandlerRegistration _registration;
    private readonly NotificationPlan _plan;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MinuteCount _failed;
    private readonly MinuteCount _dropped;
    private readonly long _began;
    private long _droppedBefore;
    private IJanusTroubleHandler? _handler;
    private volatile bool _isCalling;
    private Task _running = Task.CompletedTask;

    public TroubleOutbox(TroubleHandlerRegistration registration, NotificationPlan plan, TimeProvider time, ILogger logger)
    {
        (_registration, _plan, _time, _logger) = (registration, plan, time, logger);
        _failed = new MinuteCount(time);
        _dropped = new MinuteCount(time);
        _began = time.GetTimestamp();
    }

    /// <summary>How messages call the handler.</summary>
    public string Name => _registration.Name;

    /// <summary>Whether the handler is being called, so that its time-out runs.</summary>
    public bool IsCalling => _isCalling;

    private TimeSpan Now => _time.GetElapsedTime(_began);

    /// <summary>Takes note of a change of a trouble. Never waits.</summary>
    public void Note(Trouble trouble)
    {
        _plan.Note(trouble, Now, _time.GetUtcNow());
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Takes note of a trouble that was open before this process began. Never waits.</summary>
    public void Resume(Trouble trouble)
    {
        _plan.Resume(trouble, Now, _time.GetUtcNow());
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Begins to call the handler.</summary>
    public void Start(IServiceProvider services)
    {
        _handler = _registration.Resolve(services);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Calls the handler once, past the plan.</summary>
    /// <returns>What it threw; null when it took the notification.</returns>
    public async Task<Exception?> TryAsync(TroubleNotification notification, CancellationToken cancellationToken)
    {
        IJanusTroubleHandler handler = _handler ?? throw new InvalidOperationException("Notifications can be sent once the host has started.");
        try
        {
            await Task.Run(() => handler.HandleAsync(notification, cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false);
            return null;
        }
#pragma warning disable CA1031 // Whatever a handler throws is what the caller wants to know.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    /// <summary>Tries once what is due and ends; gives up when patience ends.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_running.IsCompleted)
            return;

        // Not awaited: what the handler does when it is cancelled may hang as well.
        _ = _abandon.CancelAsync();
        await _running.WaitAsync(s_timeToGiveUp, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_running.IsCompleted)
            NotificationLog.HandlerLeftBehind(_logger, Name);
    }

    public void Dispose()
    {
        if (!_running.IsCompleted)
            return;
        _stopping.Dispose();
        _abandon.Dispose();

        // Other handlers belong to the services.
        (_handler as TroubleWebhook)?.Dispose();
    }

    private async Task RunAsync()
    {
        IRepeatingHandler? repeating = _handler as IRepeatingHandler;
        TimeSpan? repeat = repeating is null ? null : Now + repeating.Interval;
        while (!_abandon.IsCancellationRequested)
        {
            try
            {
                // Before the last look, so that nothing that is due is missed.
                bool isLast = _stopping.IsCancellationRequested;
                while (_plan.Take(Now, _time.GetUtcNow()) is { } planned)
                    await SendAsync(planned).ConfigureAwait(false);
                ReportDropped();
                if (isLast)
                    return;

                if (repeat <= Now)
                {
                    repeat = Now + repeating!.Interval;
                    await RepeatAsync(repeating).ConfigureAwait(false);
                    continue;
                }

                await WaitAsync(Earlier(_plan.NextDue(), repeat), _stopping.Token).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever it is, it must neither end the host nor the notifications.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_abandon.IsCancellationRequested)
                    return;
                NotificationLog.LoopFailed(_logger, e, Name);
                await Task.Delay(s_beforeRestart, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WaitAsync(TimeSpan? due, CancellationToken stopping)
    {
        using CancellationTokenSource wait = due is { } at && at > Now
            ? new CancellationTokenSource(at - Now, _time)
            : new CancellationTokenSource();

        // The clock may have moved on while the timer was made.
        if (due <= Now)
            return;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, stopping);
        Task<bool> signalled = _signal.Reader.WaitToReadAsync(either.Token).AsTask();
        await ((Task)signalled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _signal.Reader.TryRead(out _);
    }

    private async Task SendAsync(PlannedMessage planned)
    {
        _isCalling = true;
        try
        {
            await _handler!.HandleAsync(planned.Message!, _abandon.Token).ConfigureAwait(false);
            _plan.Succeeded(planned, Now);
        }
#pragma warning disable CA1031 // Whatever a handler throws means "not taken".
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotificationRefusedException? refused = e as NotificationRefusedException;
            _plan.Failed(planned, Now, refused?.RetryAfter);
            Report(e, refused);
        }
        finally
        {
            _isCalling = false;
        }
    }

    private async Task RepeatAsync(IRepeatingHandler repeating)
    {
        IReadOnlyList<TroubleNotification> current = _plan.Current();
        if (current.Count == 0)
            return;

        _isCalling = true;
        try
        {
            await repeating.RepeatAsync(current, _abandon.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a handler throws means "not taken"; it is repeated anyway.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(e, e as NotificationRefusedException);
        }
        finally
        {
            _isCalling = false;
        }
    }

    private void Report(Exception e, NotificationRefusedException? refused)
    {
        if (_abandon.IsCancellationRequested)
            return;
        NotificationLog.HandlerFailedWith(_logger, e, Name);
        if (refused is { IsGone: true })
        {
            _plan.Close();
            NotificationLog.WebhookGone(_logger, Name);
            return;
        }

        // The text of another exception may quote names from the notification.
        if (_failed.Add(1, out long failures))
            NotificationLog.HandlerFailed(_logger, Name, refused?.Message ?? e.GetType().Name, failures);
    }

    private void ReportDropped()
    {
        long dropped = _plan.Dropped;
        if (dropped == _droppedBefore)
            return;
        if (_dropped.Add(dropped - _droppedBefore, out long count))
            NotificationLog.NotificationsDropped(_logger, Name, count);
        _droppedBefore = dropped;
    }

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
}
