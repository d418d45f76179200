using System.Diagnostics;
using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Observation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Monitoring.Records;

/// <summary>
/// Before the host takes events: follows the last that were stored, so that a host that was started anew knows what is open.
/// Troubles that were found before are not notified again. Afterwards, what these do not show of calls that began earlier is read call
/// by call, in the background.
/// </summary>
internal sealed class StateRestore(
    IEnumerable<IMonitoringStore> stores,
    MonitoredServers servers,
    TroubleBook book,
    OrphanedTroubles orphans,
    TroublesOptions options,
    Observers observers,
    TimeProvider time,
    ILogger<StateRestore> logger) : BackgroundService, IHostedLifecycleService
{
    // Half a minute to some minutes of most hosts: what the rules look back on.
    private const int MostEvents = 50_000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);

    private readonly IMonitoringStore? _store = stores.FirstOrDefault();
    private readonly HashSet<(string?, long, long)> _read = [];
    private readonly HashSet<string> _lost = [];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_store is null || !servers.IsOn)
            return;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        long started = Stopwatch.GetTimestamp();
        int events = 0;
        IReadOnlyList<Trouble>? open = null;
        book.IsRestoring = true;
        try
        {
            open = await _store.ReadOpenTroublesAsync(limit.Token).ConfigureAwait(false);
            foreach (JanusEvent e in await _store.ReadLatestEventsAsync(MostEvents, limit.Token).ConfigureAwait(false))
            {
                servers.Replay(e);
                events++;
            }
        }
#pragma warning disable CA1031 // Without what was before, the host follows what comes.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (cancellationToken.IsCancellationRequested)
                throw;
            RecordsLog.NotRestored(logger, e);
        }
        finally
        {
            book.IsRestoring = false;
            servers.GoLive();
            orphans.Resume(open);
        }

        RecordsLog.Restored(logger, events, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1));
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_store is null || !servers.IsOn)
            return;
        using PeriodicTimer timer = new(s_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                try
                {
                    await ReadHistoriesAsync(stoppingToken).ConfigureAwait(false);
                    await ReadTimeoutsAsync(stoppingToken).ConfigureAwait(false);
                    await ReadSilentAsync(stoppingToken).ConfigureAwait(false);
                    await orphans.LookAsync(_store, stoppingToken).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    throw;
                }
#pragma warning disable CA1031 // A store that cannot be read leaves the state as it is.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    observers.Report("state before the start", e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private async Task ReadHistoriesAsync(CancellationToken cancellationToken)
    {
        List<(string? Emitter, long Session, long Handle)> partial = servers.Read(all => all
            .Where(s => !s.IsOthers)
            .SelectMany(s => s.OpenSessions.SelectMany(o => o.Handles).Where(h => h.PeerConnection is { IsPartial: true, EndedAt: 0 })
                .Select(h => (s.Emitter, h.Session.Id, h.Id)))
            .Where(h => !_read.Contains(h))
            .ToList());
        if (_read.Count > MonitoredServers.MaxFollowed)
            _read.Clear();
        long started = time.GetTimestamp();
        foreach ((string? emitter, long session, long handle) in partial)
        {
            // Of ten thousand calls that takes minutes: what else the store is asked for has its turn between them.
            if (time.GetElapsedTime(started) >= s_every)
                return;
            if (await CallHistory.ReadAsync(_store!, options, emitter, session, handle, null, cancellationToken).ConfigureAwait(false) is { } history)
                servers.Adopt(emitter, session, handle, history);
            _read.Add((emitter, session, handle));
        }
    }

    // Of a session that timed out, and that this host never heard of, the store knows whether a call was up.
    private async Task ReadTimeoutsAsync(CancellationToken cancellationToken)
    {
        foreach ((string? emitter, long session, long handle) in servers.TakeUnknownTimeouts())
        {
            LostSession lost = new(session);
            await CallHistory.ReadAsync(_store!, options, emitter, session, handle, lost, cancellationToken).ConfigureAwait(false);
            if (lost.Found is { } trouble && _lost.Add(trouble.Id))
                servers.Run(() => book.Tell(trouble, TroubleChange.Began));
        }
    }

    // Of a server that says nothing since the start, another host of the same store may be the receiver by now.
    private async Task ReadSilentAsync(CancellationToken cancellationToken)
    {
        foreach ((string? emitter, DateTimeOffset newest) in servers.InQuestion())
            servers.Answer(emitter, await _store!.HasEventsAfterAsync(emitter, newest, cancellationToken).ConfigureAwait(false));
    }

    private sealed class LostSession(long session) : ITroubleObserver
    {
        public Trouble? Found { get; private set; }

        public void Changed(Trouble trouble, TroubleChange change)
        {
            if (trouble.Code == TroubleCodes.SessionLost && trouble.Subject.Session == session)
                Found = trouble;
        }
    }
}
