using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Records;

/// <summary>The state machine with trouble detection over stored events, without a clock and without notifications.</summary>
internal sealed class StateReplay
{
    private readonly MonitoredServers _servers;
    private readonly List<MonitoredHandle> _last = [];

    public StateReplay(TroublesOptions? options = null, IReadOnlyList<ITroubleObserver>? troubles = null, IReadOnlyList<IEndObserver>? ends = null)
    {
        TroublesOptions limits = options ?? new TroublesOptions();
        _servers = new MonitoredServers(null, TimeProvider.System, new TroubleDetector(limits, new TroubleBook(troubles ?? [], ends ?? [])), StateLimits.Of(limits));
    }

    /// <summary>Follows an event.</summary>
    public void Add(JanusEvent e)
    {
        _servers.Replay(e);
        if (e is { SessionId: { } session, HandleId: { } handle } and not MediaStatsEvent
            && _servers.FindHandle(e.Emitter, session, handle) is { } found && !_last.Contains(found))
        {
            _last.Add(found);
            if (_last.Count > 64)
                _last.RemoveAt(0);
        }
    }

    /// <summary>Ends what waits for more events.</summary>
    public void Complete() => _servers.CompleteReplay();

    /// <summary>The handle, also after it was detached.</summary>
    public MonitoredHandle? Find(string? emitter, long session, long handle) =>
        _servers.FindHandle(emitter, session, handle) ?? _last.FindLast(h => h.Id == handle && h.Session.Id == session);
}
