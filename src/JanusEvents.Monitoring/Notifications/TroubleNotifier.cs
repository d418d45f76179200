using System.Threading.Channels;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Observation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>
/// Passes changes of troubles to the log, the instruments and the handlers. Who reports a change never waits: everything that may
/// block or throw runs on the loops of the log and of each handler.
/// </summary>
internal sealed class TroubleNotifier : ITroubleObserver, IJanusTroubleNotifications, IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private const int MaxLogLines = 10_000;

    private readonly Channel<(Trouble Trouble, TroubleChange Change)> _lines = Channel.CreateBounded<(Trouble, TroubleChange)>(
        new BoundedChannelOptions(MaxLogLines) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly IServiceProvider _services;
    private readonly ContainedLogger<TroubleNotifier> _logger;
    private readonly TroubleCounts _counts;
    private readonly NotificationTexts _texts;
    private readonly TimeProvider _time;
    private readonly TroubleOutbox[] _outboxes;
    private Task _logging = Task.CompletedTask;
    private bool _stopped;

    public TroubleNotifier(
        IServiceProvider services,
        IEnumerable<TroubleHandlerRegistration> handlers,
        IOptions<NotificationOptions> options,
        TroubleCounts counts,
        TimeProvider time,
        ContainedLogger<TroubleNotifier> logger)
    {
        (_services, _logger, _counts, _time) = (services, logger, counts, time);
        NotificationOptions settings = options.Value;
        NotificationTexts texts = _texts = new NotificationTexts(settings.PublicUrl);
        _outboxes =
        [
            .. handlers.Concat(settings.Webhooks.Select((webhook, i) => TroubleWebhook.Register(webhook, $"Webhooks:{i}")))
                .Select(handler => new TroubleOutbox(
                    handler,
                    new NotificationPlan(
                        new NotificationRules(handler.MinSeverity, settings.NotifyAfter, settings.NotifyServersAfter, settings.MaxBeginsPerMinute),
                        texts,
                        time.GetUtcNow()),
                    time,
                    logger)),
        ];
    }

    /// <summary>Whether a handler is being called.</summary>
    public bool IsCalling => _outboxes.Any(outbox => outbox.IsCalling);

    public void Changed(Trouble trouble, TroubleChange change)
    {
        _counts.Note(trouble, change);
        foreach (TroubleOutbox outbox in _outboxes)
            outbox.Note(trouble);
        if (change != TroubleChange.Worsened && trouble.Severity != TroubleSeverity.Info)
            _lines.Writer.TryWrite((trouble, change));
    }

    /// <summary>
    /// Takes note of a trouble that was open before this process began, and of which handlers know: it is counted as open, its end
    /// is notified, and its begin is not.
    /// </summary>
    public void Resume(Trouble trouble)
    {
        _counts.Resume(trouble);
        foreach (TroubleOutbox outbox in _outboxes)
            outbox.Resume(trouble);
    }

    public async Task<IReadOnlyList<TroubleTestResult>> SendTestAsync(CancellationToken cancellationToken) => await Task.WhenAll(
        _outboxes.Select(async outbox =>
            new TroubleTestResult(outbox.Name, await outbox.TryAsync(_texts.Test(_time.GetUtcNow()), cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _logging = Task.Run(LogAsync, CancellationToken.None);
        foreach (TroubleOutbox outbox in _outboxes)
            outbox.Start(_services);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, true))
            return;
        _lines.Writer.TryComplete();
        await Task.WhenAll(_outboxes.Select(outbox => outbox.StopAsync(cancellationToken))).ConfigureAwait(false);
        await _logging.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StoppedAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        foreach (TroubleOutbox outbox in _outboxes)
            outbox.Dispose();
    }

    /// <summary>For a container that is disposed of synchronously: nothing is waited for.</summary>
    public void Dispose()
    {
        _stopped = true;
        _lines.Writer.TryComplete();
        foreach (TroubleOutbox outbox in _outboxes)
            outbox.Dispose();
    }

    private async Task LogAsync()
    {
        await foreach ((Trouble trouble, TroubleChange change) in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            string emitter = trouble.Subject.Emitter is { Length: > 0 } name ? Intake.NameOf(name) : Labels.Unknown;
            if (change == TroubleChange.Began)
                NotificationLog.TroubleBegan(_logger, trouble.Code, trouble.Severity, emitter, trouble.Subject.Session, trouble.Subject.Handle, trouble.Id);
            if (trouble.Ended is { } ended)
            {
                NotificationLog.TroubleEnded(
                    _logger, trouble.Code, trouble.Severity, emitter, trouble.Subject.Session, trouble.Subject.Handle, ended - trouble.Began, trouble.EndedBy, trouble.Id);
            }
        }
    }
}
