namespace JanusEvents.Monitoring.State;

/// <summary>
/// Ends of calls and sessions that began before this host did, and of which nothing else is heard. The stored events say whether
/// there was a call.
/// </summary>
internal sealed class UnknownEnds
{
    private const int Most = 1_024;
    private readonly HashSet<long> _handles = [];
    private readonly Dictionary<long, MonitoredSession> _sessions = [];
    private readonly List<(long Session, long Handle)> _timedOut = [];
    private MonitoredHandle? _last;

    /// <summary>Notes the end of a session that is not followed.</summary>
    public void Add(long session, long at, string word)
    {
        if (_sessions.Count > Most)
            _sessions.Clear();
        _sessions[session] = new MonitoredSession(session) { EndedAt = at, EndedBy = word };

        // The detaching of its handle and its own end come in either order.
        if (_last?.Session is { EndedAt: 0 } last && last.Id == session)
            (last.EndedAt, last.EndedBy) = (at, word);
    }

    public MonitoredSession? Find(long session) => _sessions.GetValueOrDefault(session);

    /// <summary>Notes the end of a handle that is not followed.</summary>
    /// <returns>A PeerConnection that stands for what it had; null when there is one already.</returns>
    public PeerConnection? Add(MonitoredHandle handle, string? reason, long at)
    {
        if (!_handles.Add(handle.Id))
            return null;
        if (_handles.Count > Most)
            _handles.Clear();
        _last = handle;
        PeerConnection pc = new(handle, 0, at) { IsPartial = true, Reason = reason };
        handle.PeerConnection = pc;
        return pc;
    }

    /// <summary>Notes that the session of such a handle timed out.</summary>
    public void TimedOut(MonitoredHandle handle)
    {
        if (_timedOut.Count < Most)
            _timedOut.Add((handle.Session.Id, handle.Id));
    }

    public IReadOnlyList<(long Session, long Handle)> TakeTimedOut()
    {
        if (_timedOut.Count == 0)
            return [];
        (long, long)[] taken = [.. _timedOut];
        _timedOut.Clear();
        return taken;
    }
}
