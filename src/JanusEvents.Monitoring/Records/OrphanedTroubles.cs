using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Records;

/// <summary>
/// Troubles that were open when the host before ended. What the restored state has goes on; all else ends as unknown once nothing was
/// heard of it for five minutes, so that no trouble stays open for lack of somebody who follows it.
/// </summary>
internal sealed class OrphanedTroubles(MonitoredServers servers, TroubleBook book, TimeProvider time)
{
    private static readonly TimeSpan s_after = TimeSpan.FromMinutes(5);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private IReadOnlyList<Trouble>? _before;
    private DateTimeOffset _due;

    /// <summary>Goes on with the troubles that were open before.</summary>
    /// <param name="open">Those; null when the store could not be read, so that it is tried again.</param>
    public void Resume(IReadOnlyList<Trouble>? open)
    {
        IReadOnlyList<Trouble> lost = servers.Read(all => book.Resume([.. OpenOf(all)], open ?? []));
        if (open is not null)
            (_before, _due) = (lost, time.GetUtcNow() + s_after);
    }

    /// <summary>Looks what nobody follows, when it is time to.</summary>
    public async Task LookAsync(IMonitoringStore store, CancellationToken cancellationToken)
    {
        if (_before is null)
        {
            // This host may have found others since.
            IReadOnlyList<Trouble> open = await store.ReadOpenTroublesAsync(cancellationToken).ConfigureAwait(false);
            _before = servers.Read(all => book.Resume([], [.. Without(open, all).Where(t => t.Confirmed < _startedAt)]));
            _due = time.GetUtcNow() + s_after;
        }
        else if (_before.Count > 0 && time.GetUtcNow() >= _due)
        {
            // What the state took up meanwhile it has ended itself, and so may another host.
            HashSet<string> before = [.. _before.Select(t => t.Id)];
            Trouble[] open = [.. (await store.ReadOpenTroublesAsync(cancellationToken).ConfigureAwait(false)).Where(t => before.Contains(t.Id))];
            servers.Read(all => End(all, open));
            _before = [];
        }
    }

    private int End(IReadOnlyList<MonitoredServer> all, Trouble[] open)
    {
        Trouble[] orphans = [.. Without(open, all)];
        DateTimeOffset now = time.GetUtcNow();
        foreach (Trouble trouble in orphans)
            book.Tell(trouble with { Ended = now > trouble.Confirmed ? now : trouble.Confirmed, EndedBy = TroubleEnd.Unknown }, TroubleChange.Ended);

        // Nor can a call end while nothing is heard of its server.
        foreach (MonitoredServer server in all.Where(s => s.Clock.IsUnheard))
        {
            foreach (OpenTrouble trouble in OpenOf([server]).Where(t => t.Subject.Session is not null).ToArray())
                book.End(trouble, Math.Max(trouble.ConfirmedAt, server.Clock.Newest), TroubleEnd.Unknown);
        }

        return orphans.Length;
    }

    private static IEnumerable<Trouble> Without(IEnumerable<Trouble> troubles, IReadOnlyList<MonitoredServer> all)
    {
        HashSet<string?> open = [.. OpenOf(all).Select(t => t.Id)];
        return troubles.Where(t => !open.Contains(t.Id));
    }

    private static IEnumerable<OpenTrouble> OpenOf(IReadOnlyList<MonitoredServer> servers) => servers
        .SelectMany(s => s.Troubles.Concat(s.OpenSessions.SelectMany(o => o.Handles).SelectMany(h => h.PeerConnection?.Troubles ?? [])))
        .Where(t => t.IsOpen);
}
