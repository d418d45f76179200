namespace JanusEvents.Monitoring.State;

/// <summary>The sessions and handles that are open on a server, how many there are, and which ended a while ago. Bounded.</summary>
internal sealed class ServerSessions(MonitoredServers all)
{
    // Events of different threads arrive a little out of order, so that what has ended is remembered for a while.
    private const int MaxEnded = 1_024;

    private const int MaxHandlesOfSession = 1_000;

    private readonly Dictionary<long, MonitoredSession> _open = [];
    private readonly HashSet<long> _ended = [];
    private readonly Queue<long> _endedOrder = new();
    private readonly int[] _handlesOfPlugin = new int[MonitoredServers.MaxPlugins + 2];
    private MonitoredHandle? _last;

    public IReadOnlyCollection<MonitoredSession> Open => _open.Values;

    public int Handles { get; private set; }

    /// <summary>How many sessions and handles count for the bound.</summary>
    public int Followed => _open.Count + Handles;

    /// <summary>How many handles have a PeerConnection that is up.</summary>
    public int Up { get; private set; }

    /// <summary>How many of those send statistics.</summary>
    public int Speaking { get; private set; }

    /// <summary>How many handles there are of the plugin at each place; the last two are all others, and unknown ones.</summary>
    public ReadOnlySpan<int> HandlesOfPlugin => _handlesOfPlugin;

    /// <summary>Whether a session or a handle ended lately.</summary>
    public bool HasEnded(long id) => _ended.Contains(id);

    public bool HasEnded(long session, long handle) => _ended.Contains(session) || _ended.Contains(handle);

    public MonitoredSession? Find(long session) => _open.GetValueOrDefault(session);

    public MonitoredHandle? Find(long session, long handle)
    {
        // The media of a PeerConnection come one after the other.
        if (_last is { } last && last.Id == handle && last.Session.Id == session)
            return last;
        if (!_open.TryGetValue(session, out MonitoredSession? known) || known.Find(handle) is not { } found)
            return null;
        return _last = found;
    }

    /// <summary>The session, as a new one where it was not open.</summary>
    /// <returns>It; null where no more are followed.</returns>
    public MonitoredSession? Add(long id, long now)
    {
        if (!_open.TryGetValue(id, out MonitoredSession? session))
        {
            if (!all.MayAdd())
                return null;
            _open.Add(id, session = new MonitoredSession(id));
            _ended.Remove(id);
        }

        session.HeardAt = now;
        return session;
    }

    /// <summary>The handle, as a new one where it was not attached.</summary>
    /// <returns>It; null where no more are followed.</returns>
    public MonitoredHandle? Attach(long sessionId, long handleId, long now)
    {
        if (Add(sessionId, now) is not { } session)
            return null;
        if (session.Find(handleId) is { } known)
            return known;
        if (session.Handles.Count == MaxHandlesOfSession || !all.MayAdd())
            return null;

        MonitoredHandle handle = new(handleId, session);
        session.Handles.Add(handle);
        Handles++;
        _handlesOfPlugin[MonitoredServers.UnknownPlugin]++;
        return handle;
    }

    public void SetPlugin(MonitoredHandle handle, string? plugin)
    {
        if (plugin is null || handle.PluginPlace is not null)
            return;

        handle.Plugin = plugin;
        handle.PluginPlace = all.PlaceOfPlugin(plugin);
        _handlesOfPlugin[MonitoredServers.UnknownPlugin]--;
        _handlesOfPlugin[handle.PluginPlace.Value]++;
    }

    public void SetUp(MonitoredHandle handle, bool isUp)
    {
        if (handle.IsUp == isUp)
            return;

        handle.IsUp = isUp;
        Up += isUp ? 1 : -1;
        if (handle.HasStatistics)
            Speaking += isUp ? 1 : -1;
    }

    /// <summary>Notes that statistics come of a handle.</summary>
    public void SetSpeaking(MonitoredHandle handle)
    {
        if (handle.HasStatistics)
            return;
        handle.HasStatistics = true;
        if (handle.IsUp)
            Speaking++;
    }

    /// <summary>Counts a handle no more. It stays in its session's list.</summary>
    public void Detach(MonitoredHandle handle)
    {
        SetUp(handle, false);
        Handles--;
        _handlesOfPlugin[handle.PluginPlace ?? MonitoredServers.UnknownPlugin]--;
        all.Removed(1);
        _last = null;
    }

    /// <summary>Removes a session whose handles are detached.</summary>
    public void Remove(long id)
    {
        _open.Remove(id);
        all.Removed(1);
        _last = null;
    }

    /// <summary>Notes that a session or a handle has ended.</summary>
    public void NoteEnded(long id)
    {
        if (!_ended.Add(id))
            return;
        _endedOrder.Enqueue(id);
        if (_endedOrder.Count > MaxEnded)
            _ended.Remove(_endedOrder.Dequeue());
    }
}
