using JanusEvents.Observation;

namespace JanusEvents.Monitoring.Servers;

/// <summary>
/// What is open on one server, as far as its events show. Guarded by the lock of
/// <see cref="ObservedServers"/>. Duplicate events change nothing.
/// </summary>
internal sealed class ObservedServer
{
    // Events of different threads arrive a little out of order, so that what has ended is remembered for a while.
    private const int MaxEnded = 1_024;

    private const int MaxHandlesOfSession = 1_000;

    // Before Janus 1.3.2 a session whose WebSocket closed ends with the detaching of its handles alone.
    private const long WithoutHandles = 10 * TimeSpan.TicksPerMinute;

    // Statistics of a PeerConnection come every second, or as often as stats_period says.
    private const long WithoutStatistics = 5 * TimeSpan.TicksPerMinute;

    private const long Silent = TimeSpan.TicksPerDay;

    private readonly ObservedServers _all;
    private readonly JanusMetrics _metrics;
    private readonly bool _isOthers;
    private readonly Dictionary<long, ObservedSession> _sessions = [];
    private readonly HashSet<long> _ended = [];
    private readonly Queue<long> _endedOrder = new();
    private readonly int[] _handlesOfPlugin = new int[ObservedServers.MaxPlugins + 2];
    private ObservedSession? _lastSession;
    private ObservedHandle? _lastHandle;
    private long _lastSessionId;
    private long _heardAt;
    private long _sweptAt;
    private int _speaking;
    private bool _sendsCounters;

    public ObservedServer(ObservedServers all, JanusMetrics metrics, string? emitter, string label, bool isOthers = false)
    {
        (_all, _metrics, Emitter, _isOthers) = (all, metrics, emitter, isOthers);
        Tag = new(Labels.Emitter, label);
    }

    public string? Emitter { get; }

    public KeyValuePair<string, object?> Tag { get; }

    public int Sessions => _sessions.Count;

    public int Handles { get; private set; }

    public int PeerConnections { get; private set; }

    /// <summary>Whether it must be heard again within seconds: see <see cref="ServerFigures.Speaks"/>.</summary>
    public bool Speaks => _sendsCounters || _speaking > 0;

    /// <summary>How many handles there are of the plugin at each place; the last two are all others, and unknown ones.</summary>
    public ReadOnlySpan<int> HandlesOfPlugin => _handlesOfPlugin;

    public void Note(JanusEvent e, long now)
    {
        _heardAt = now;
        switch (e)
        {
            case MediaStatsEvent statistics:
                Note(statistics, now);
                break;
            case SessionEvent session:
                Note(session, now);
                break;
            case HandleEvent handle:
                Note(handle, now);
                break;
            case ConnectionEvent connection:
                Note(connection, now);
                break;
            case PluginEvent plugin:
                Note(plugin, now);
                break;
            case CoreEvent core:
                Note(core);
                break;
            case IceStateEvent { State: IceStates.Failed }:
                _metrics.IceFailures.Record(1, Tag);
                break;
            case DtlsEvent { State: DtlsStates.Failed }:
                _metrics.DtlsFailures.Record(1, Tag);
                break;
            case SlowLinkEvent slow:
                _metrics.SlowLink(slow, Tag);
                break;
        }
    }

    /// <summary>Expires sessions and PeerConnections for which no end event arrived; runs at most once a minute.</summary>
    public void Sweep(long now)
    {
        if (now - _sweptAt < TimeSpan.TicksPerMinute)
            return;

        _sweptAt = now;
        _sendsCounters &= now - _heardAt < Silent;
        foreach ((long id, ObservedSession session) in _sessions)
        {
            // Measured by when the server was heard last: one that says nothing at all has not ended its calls.
            if (now - session.HeardAt >= Silent || (session.Handles.Count == 0 && _heardAt - session.HeardAt >= WithoutHandles))
            {
                End(id, session);
                continue;
            }

            foreach (ObservedHandle handle in session.Handles)
            {
                if (handle is { IsUp: true, HasStatistics: true } && _heardAt - handle.StatisticsAt >= WithoutStatistics)
                    SetUp(handle, false);
            }
        }
    }

    private void Note(MediaStatsEvent e, long now)
    {
        if (e.SessionId is not { } sessionId || e.HandleId is not { } handleId)
            return;

        // The media of a PeerConnection come one after the other.
        if (_lastHandle?.Id != handleId || _lastSessionId != sessionId)
        {
            ObservedHandle? handle = _sessions.TryGetValue(sessionId, out ObservedSession? session) ? session.Find(handleId) : null;
            if (handle is null)
            {
                // Of a call that began before this host did, or of one whose end is known already.
                if (_ended.Contains(sessionId) || _ended.Contains(handleId))
                    return;
                handle = Attach(sessionId, handleId, now);
                if (handle is null)
                    return;
                session = _sessions[sessionId];
                SetUp(handle, true);
            }

            (_lastSessionId, _lastSession, _lastHandle) = (sessionId, session, handle);
        }

        _lastSession!.HeardAt = now;
        ObservedHandle of = _lastHandle!;
        of.StatisticsAt = now;
        if (!of.HasStatistics)
        {
            of.HasStatistics = true;
            if (of.IsUp)
                _speaking++;
        }

        if (_metrics.Measures && of.Medium(e.Media, e.Mid) is { } medium)
            _metrics.Measure(e, medium, Tag, now);
    }

    private void Note(SessionEvent e, long now)
    {
        if (e.SessionId is not { } id)
            return;

        if (e.Name == SessionStates.Created)
            Open(id, now);
        else if (e.Name is SessionStates.Destroyed or SessionStates.Timeout)
            End(id, _sessions.GetValueOrDefault(id));
    }

    private void Note(HandleEvent e, long now)
    {
        if (e.SessionId is not { } sessionId || e.HandleId is not { } handleId)
            return;

        if (e.Name == HandleStates.Attached)
        {
            if (!_ended.Contains(sessionId) && Attach(sessionId, handleId, now) is { } handle)
                SetPlugin(handle, e.Plugin);
        }
        else if (e.Name == HandleStates.Detached)
        {
            Remember(handleId);
            if (_sessions.TryGetValue(sessionId, out ObservedSession? session))
            {
                session.HeardAt = now;
                if (session.Find(handleId) is { } handle)
                {
                    Detach(handle);
                    session.Handles.Remove(handle);
                }
            }
        }
    }

    private void Note(ConnectionEvent e, long now)
    {
        if (e.State == ConnectionStates.Hangup)
            _metrics.Hangup(e.Reason, Tag);
        if (e.SessionId is not { } sessionId || e.HandleId is not { } handleId)
            return;

        if (e.State == ConnectionStates.WebRtcUp)
        {
            if (!_ended.Contains(sessionId) && !_ended.Contains(handleId) && Attach(sessionId, handleId, now) is { } up)
                SetUp(up, true);
        }
        else if (e.State == ConnectionStates.Hangup && _sessions.TryGetValue(sessionId, out ObservedSession? session))
        {
            session.HeardAt = now;
            if (session.Find(handleId) is { } handle)
                SetUp(handle, false);
        }
    }

    private void Note(PluginEvent e, long now)
    {
        if (e.SessionId is { } sessionId && _sessions.TryGetValue(sessionId, out ObservedSession? session))
        {
            session.HeardAt = now;
            if (e.HandleId is { } handleId && session.Find(handleId) is { Plugin: null } handle)
                SetPlugin(handle, e.Plugin);
        }
    }

    private void Note(CoreEvent e)
    {
        if (e.Status == CoreStates.Update)
        {
            _sendsCounters = true;
        }
        else if (!_isOthers && e.Status is CoreStates.Started or CoreStates.Shutdown)
        {
            // It has begun anew, or has ended, and all that was open on it has ended too.
            _sendsCounters = false;
            foreach ((long id, ObservedSession session) in _sessions)
                End(id, session);
        }
    }

    private ObservedSession? Open(long id, long now)
    {
        if (!_sessions.TryGetValue(id, out ObservedSession? session))
        {
            if (!_all.MayAdd())
                return null;
            _sessions.Add(id, session = new ObservedSession());
            _ended.Remove(id);
        }

        session.HeardAt = now;
        return session;
    }

    private ObservedHandle? Attach(long sessionId, long handleId, long now)
    {
        if (Open(sessionId, now) is not { } session)
            return null;
        if (session.Find(handleId) is { } known)
            return known;
        if (session.Handles.Count == MaxHandlesOfSession || !_all.MayAdd())
            return null;

        ObservedHandle handle = new(handleId);
        session.Handles.Add(handle);
        Handles++;
        _handlesOfPlugin[ObservedServers.UnknownPlugin]++;
        return handle;
    }

    private void SetPlugin(ObservedHandle handle, string? plugin)
    {
        if (plugin is null || handle.Plugin is not null)
            return;

        handle.Plugin = _all.PlaceOfPlugin(plugin);
        _handlesOfPlugin[ObservedServers.UnknownPlugin]--;
        _handlesOfPlugin[handle.Plugin.Value]++;
    }

    private void SetUp(ObservedHandle handle, bool isUp)
    {
        if (handle.IsUp == isUp)
            return;

        handle.IsUp = isUp;
        PeerConnections += isUp ? 1 : -1;
        if (handle.HasStatistics)
            _speaking += isUp ? 1 : -1;
        if (!isUp)
            handle.ForgetMedia();
    }

    private void Detach(ObservedHandle handle)
    {
        SetUp(handle, false);
        Handles--;
        _handlesOfPlugin[handle.Plugin ?? ObservedServers.UnknownPlugin]--;
        _all.Removed(1);
        _lastHandle = null;
    }

    private void End(long id, ObservedSession? session)
    {
        Remember(id);
        if (session is null)
            return;

        foreach (ObservedHandle handle in session.Handles)
            Detach(handle);
        _sessions.Remove(id);
        _all.Removed(1);
        _lastHandle = null;
    }

    private void Remember(long id)
    {
        if (!_ended.Add(id))
            return;
        _endedOrder.Enqueue(id);
        if (_endedOrder.Count > MaxEnded)
            _ended.Remove(_endedOrder.Dequeue());
    }
}
