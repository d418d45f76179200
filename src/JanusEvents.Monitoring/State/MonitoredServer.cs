using JanusEvents.Observation;
using JanusEvents.Rooms;

namespace JanusEvents.Monitoring.State;

/// <summary>
/// What is open on one server, as far as its events show: <see cref="ServerSessions"/>, PeerConnections, <see cref="ServerRooms"/>.
/// Guarded by the lock of <see cref="MonitoredServers"/>. Duplicate events change nothing.
/// </summary>
internal sealed class MonitoredServer
{
    private const int MaxConnections = 100_000;

    // Before Janus 1.3.2 a session whose WebSocket closed ends with the detaching of its handles alone.
    private const long WithoutHandles = 10 * TimeSpan.TicksPerMinute;

    // Statistics of a PeerConnection come every second, or as often as stats_period says.
    private const long WithoutStatistics = 5 * TimeSpan.TicksPerMinute;

    private const long Silent = TimeSpan.TicksPerDay;

    // A body that was refused, or came again, is not seen here.
    private const long LongestWait = 10 * TimeSpan.TicksPerMinute;

    // By the server's clock, in microseconds: the layers of a round come within a millisecond or two.
    private const long RoundLasts = 300_000;

    private readonly JanusMetrics? _metrics;
    private readonly IStateWatch _watch;
    private readonly StateLimits _limits;
    private readonly bool _isOthers;
    private readonly ServerSessions _sessions;
    private readonly ServerRooms _rooms = new();
    private readonly UnknownEnds _unknownEnds = new();
    private readonly Queue<PeerConnection> _rounds = new();
    private readonly PriorityQueue<object, long> _timers = new();
    private readonly EndsInProgress _ends = new();
    private readonly Dictionary<string, MonitoredSession> _byConnection = new(StringComparer.Ordinal);
    private long _heardAt;
    private long _sweptAt;
    private bool _sendsCounters;
    private long _startedAt;
    private bool _holdsStart;
    private SilenceSinceReplay _silence;
    private string? _address;
    private string? _otherAddress;
    private long _otherAddressAt;

    public MonitoredServer(MonitoredServers all, JanusMetrics? metrics, IStateWatch watch, StateLimits limits, string? emitter, string label, bool isOthers = false)
    {
        (_metrics, _watch, _limits, Emitter, _isOthers) = (metrics, watch, limits, emitter, isOthers);
        _sessions = new ServerSessions(all);
        Tag = new(Labels.Emitter, label);
    }

    public string? Emitter { get; }

    public KeyValuePair<string, object?> Tag { get; }

    public ServerClock Clock { get; } = new();

    public ServerDescription Description { get; } = new();

    /// <summary>The time by its own clock that its state is judged for, in microseconds since 1970.</summary>
    public long Now { get; private set; }

    /// <summary>Its own troubles, and those of its sessions, that are open or ended within the last minute.</summary>
    public List<OpenTrouble> Troubles { get; } = [];

    public int Sessions => _holdsStart ? _sessions.Open.Count(s => !s.IsOfEarlierStart) : _sessions.Open.Count;

    public int Handles => _sessions.Handles;

    public int PeerConnections =>
        _holdsStart ? _sessions.Open.Where(s => !s.IsOfEarlierStart).Sum(s => s.Handles.Count(h => h.IsUp)) : _sessions.Up;

    /// <summary>How often statistics come, in microseconds.</summary>
    public long Period { get; private set; } = 1_000_000;

    /// <summary>Whether it must be heard again within seconds: see <see cref="ServerFigures.Speaks"/>.</summary>
    public bool Speaks => _sendsCounters || _sessions.Speaking > 0;

    /// <summary>How long it may be silent at most, in microseconds, by what it sends; <see cref="long.MaxValue"/> when nothing is due.</summary>
    public long Due => _sessions.Speaking > 0 ? 2_000_000 + Period : long.MaxValue;

    /// <summary>The longest usual time between two events, in microseconds.</summary>
    public long UsualGap => _sessions.Speaking > 0 ? Period : 15_000_000;

    /// <summary>How many handles there are of the plugin at each place; the last two are all others, and unknown ones.</summary>
    public ReadOnlySpan<int> HandlesOfPlugin => _sessions.HandlesOfPlugin;

    public IEnumerable<MonitoredSession> OpenSessions => _sessions.Open;

    public IEnumerable<Room> Rooms => _rooms.All;

    /// <summary>Whether several servers are followed as this one, so that it has no clock and no calls.</summary>
    public bool IsOthers => _isOthers;

    /// <summary>Whether the store is to be asked if another host stores its events: nothing has come here since the replay.</summary>
    public bool IsInQuestion => _silence == SilenceSinceReplay.InQuestion && Clock.IsUnheard;

    /// <summary>The store has nothing later of it either.</summary>
    public void ConfirmSilence() => _silence = SilenceSinceReplay.Confirmed;

    /// <summary>Asks whether it is silent for all hosts, as far as this one knows.</summary>
    public bool MayBeCalledSilent()
    {
        if (!Clock.IsUnheard || _silence == SilenceSinceReplay.Confirmed)
            return true;
        _silence = SilenceSinceReplay.InQuestion;
        return false;
    }

    /// <summary>Another host follows it: what has ended here is recorded, what is open is dropped.</summary>
    /// <returns>How many sessions and handles it had.</returns>
    public int Leave()
    {
        foreach (PeerConnection pc in _ends.All)
            Finish(pc);
        return _sessions.Followed;
    }

    public bool IsTroubled(string code) => Troubles.Exists(t => t.IsOpen && t.Code == code && t.Subject.Session is null);

    /// <summary>Follows the events of a body.</summary>
    public void Note(IReadOnlyList<JanusEvent> events, int first, int end, long arrivedAt, string? address, long now)
    {
        long newest = 0;
        for (int i = first; i < end; i++)
            newest = Math.Max(newest, events[i].Envelope.TimestampMicroseconds ?? 0);
        if (newest != 0 && !_isOthers)
        {
            if (!Clock.Body(Microseconds(arrivedAt), Microseconds(now), newest))
            {
                // Entries that wait for a time before the change would never be due.
                if (_holdsStart)
                    EndHeldStart();
                foreach (PeerConnection pc in _ends.All)
                    Finish(pc);
                _timers.Clear();
                Now = newest;
            }

            NoteAddress(address, newest);
        }

        for (int i = first; i < end; i++)
            Note(events[i], now);
        if (newest != 0 && !_isOthers)
            _watch.Heard(this);
        Sweep(now);
    }

    /// <summary>Lets time pass, but not while a body of it waits for the store.</summary>
    /// <param name="now">The host's time in ticks.</param>
    /// <param name="arrivedAt">When a body came last, stored or not, in ticks; 0 when that is not known.</param>
    public void Tick(long now, long arrivedAt)
    {
        if (_isOthers)
            return;
        if (arrivedAt > _heardAt && now - arrivedAt < LongestWait)
        {
            Clock.Wait(Microseconds(now));
            return;
        }

        RunUntil(Clock.Tick(Microseconds(now), Due));
        _watch.Tick(this, Microseconds(now));
        Sweep(now);
    }

    /// <summary>Ends what waits for more events of a replay.</summary>
    public void CompleteReplay() => RunUntil(Clock.Newest + EndsInProgress.Hold + RoundLasts);

    /// <summary>After a replay: it is silent from now on, and absence counts from its next event on.</summary>
    public void GoLive(long now)
    {
        Clock.GoLive(Microseconds(now));
        _heardAt = now;
        foreach (MonitoredSession session in _sessions.Open)
        {
            session.HeardAt = now;
            foreach (MonitoredHandle handle in session.Handles)
                handle.StatisticsAt = now;
        }
    }

    /// <summary>Takes over what stored events say of a call that began before this host saw it.</summary>
    public void Adopt(MonitoredHandle live, MonitoredHandle history)
    {
        _sessions.SetPlugin(live, history.Plugin);
        live.OpaqueId ??= history.OpaqueId;
        live.AttachedAt = live.AttachedAt != 0 ? live.AttachedAt : history.AttachedAt;
        live.Room ??= history.Room;
        live.Participant ??= history.Participant;
        live.Display ??= history.Display;
        live.Feeds ??= history.Feeds;
        live.Session.Transport ??= history.Session.Transport;
        live.Session.TransportId ??= history.Session.TransportId;
        if (live.PeerConnection is { IsPartial: true, EndedAt: 0 } and { } partial && history.PeerConnection is { IsPartial: false } whole)
        {
            whole.EndedAt = 0;
            whole.Adopt(partial, live);
            live.PeerConnection = whole;
            _watch.Continued(this, whole, partial);
            _rooms.Enter(live);
        }
    }

    public MonitoredHandle? FindHandle(long session, long handle) => _sessions.Find(session, handle);

    /// <summary>Judges a PeerConnection again at a time by the server's clock.</summary>
    public void CheckAt(PeerConnection pc, long at)
    {
        if (pc.CheckAt != 0 && pc.CheckAt <= at && pc.CheckAt > Now)
            return;
        pc.CheckAt = at;
        _timers.Enqueue(pc, at);
    }

    /// <summary>The participant that is a publisher in a room.</summary>
    public Participant? ParticipantOf(string? plugin, string? room, string participant) => _rooms.ParticipantOf(plugin, room, participant);

    private static long Microseconds(long ticks) => (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private void Note(JanusEvent e, long now)
    {
        _heardAt = now;
        Description.Note(e.Type);
        long at = e.Envelope.TimestampMicroseconds ?? Math.Max(Clock.Now, Microseconds(now));
        if (!_isOthers && e.Envelope.TimestampMicroseconds is not null)
        {
            RunUntil(Clock.Event(at, Due));
            Now = Math.Max(Now, at);
        }

        switch (e)
        {
            case MediaStatsEvent statistics:
                Note(statistics, at, now);
                break;
            case SessionEvent session:
                Note(session, at, now);
                break;
            case HandleEvent handle:
                Note(handle, at, now);
                break;
            case ConnectionEvent connection:
                Note(connection, at, now);
                break;
            case PluginEvent plugin:
                Note(plugin, at, now);
                break;
            case CoreEvent core:
                Note(core, at);
                break;
            case TransportEvent transport:
                Note(transport, at);
                break;
            case SlowLinkEvent slow:
                _metrics?.SlowLink(slow, Tag);
                NoteCall(e, at, now);
                break;
            case IceStateEvent { State: IceStates.Failed }:
                _metrics?.IceFailures.Record(1, Tag);
                NoteCall(e, at, now);
                break;
            case DtlsEvent { State: DtlsStates.Failed }:
                _metrics?.DtlsFailures.Record(1, Tag);
                NoteCall(e, at, now);
                break;
            case IceStateEvent or DtlsEvent or JsepEvent or LocalCandidateEvent or RemoteCandidateEvent or SelectedPairEvent or MediaStateEvent:
                NoteCall(e, at, now);
                break;
        }
    }

    /// <summary>Expires sessions and PeerConnections for which no end event arrived; runs at most once a minute.</summary>
    public void Sweep(long now)
    {
        if (now - _sweptAt < TimeSpan.TicksPerMinute)
            return;

        _sweptAt = now;
        if (now - _heardAt >= Silent)
        {
            Forget();
            return;
        }

        foreach (MonitoredSession session in _sessions.Open)
        {
            // Measured by when the server was heard last: one that says nothing at all has not ended its calls.
            if (_heardAt - session.HeardAt >= Silent || (session.Handles.Count == 0 && _heardAt - session.HeardAt >= WithoutHandles))
            {
                End(session.Id, session, Clock.Now, null);
                continue;
            }

            foreach (MonitoredHandle handle in session.Handles)
            {
                if (handle is { IsUp: true, HasStatistics: true } && _heardAt - handle.StatisticsAt >= WithoutStatistics)
                {
                    if (handle.PeerConnection is { EndedAt: 0 } pc)
                        EndCall(pc, pc.LastAt, "forgotten");
                    _sessions.SetUp(handle, false);
                }
            }
        }
    }

    // It is taken for removed: no event of it will end what is open.
    private void Forget()
    {
        _sendsCounters = false;
        EndAll(Clock.Now, "forgotten");
        foreach (PeerConnection pc in _ends.All)
            Finish(pc);
        _timers.Clear();
        _watch.Forgotten(this, Clock.Now);
    }

    private void RunUntil(long until)
    {
        while (_rounds.TryPeek(out PeerConnection? pc) && pc.RoundAt + RoundLasts <= until)
        {
            _rounds.Dequeue();
            Now = Math.Max(Now, pc.RoundAt + RoundLasts);
            CloseRound(pc);
        }

        while (_timers.TryPeek(out object? due, out long at) && at <= until)
        {
            _timers.Dequeue();
            Now = Math.Max(Now, at);
            switch (due)
            {
                case PeerConnection { IsFinished: true }:
                    break;
                case PeerConnection { EndedAt: 0 } pc:
                    if (pc.CheckAt == at)
                        pc.CheckAt = 0;
                    _watch.Check(this, pc);
                    break;
                case PeerConnection pc when at < pc.EndedAt + EndsInProgress.Hold:
                    _timers.Enqueue(pc, pc.EndedAt + EndsInProgress.Hold);
                    break;
                case PeerConnection pc:
                    Finish(pc);
                    break;
                case MonitoredSession session:
                    if (session.EndedAt == 0)
                        _watch.ConnectionClosed(this, session, UpOf(session, session.DisconnectedAt));
                    break;
                case MonitoredServer when _holdsStart:
                    EndHeldStart();
                    break;
            }
        }
    }

    private void CloseRound(PeerConnection pc)
    {
        if (!pc.HasOpenRound)
            return;
        pc.CloseRound(_limits.Jitter, _limits.RttRaise, _limits.RttEnd);
        Period = pc.Period;
        if (pc.EndedAt == 0)
            _watch.Check(this, pc);
    }

    // Bodies that alternate between two addresses are of two servers; one change of address is a move.
    private void NoteAddress(string? address, long at)
    {
        if (address is null || address == _address)
            return;
        if (_otherAddress == address && at - _otherAddressAt < 60_000_000)
            _watch.NameShared(this, at, $"events from {_address} and {address}");
        (_otherAddress, _otherAddressAt, _address) = (_address, at, address);
    }

    private void Note(MediaStatsEvent e, long at, long now)
    {
        if (e.SessionId is not { } sessionId || e.HandleId is not { } handleId)
            return;

        if (_sessions.Find(sessionId, handleId) is not { } of)
        {
            // Of a call that began before this host did, or of one whose end is known already.
            if (_sessions.HasEnded(sessionId, handleId) || _sessions.Attach(sessionId, handleId, now) is not { } attached)
                return;
            of = attached;
            of.OpaqueId ??= e.OpaqueId;
            _sessions.SetUp(of, true);
        }

        of.Session.HeardAt = now;
        of.StatisticsAt = now;
        NoteSession(of.Session, at);
        _sessions.SetSpeaking(of);
        PeerConnection? pc = of.PeerConnection;
        if (pc is null)
        {
            pc = Begin(of, at);
            pc.IsPartial = true;
            if (of.IsUp)
                pc.UpAt = at;
        }

        // All zeros come before the end of a set-up that failed, too.
        if (pc.EndedAt != 0 || at + EndsInProgress.Hold < pc.LastAt)
            return;
        pc.LastAt = Math.Max(pc.LastAt, at);
        if (pc.HasOpenRound && at - pc.RoundAt >= RoundLasts)
            CloseRound(pc);
        if (pc.BeginRound(at) && !_isOthers)
            _rounds.Enqueue(pc);
        if (pc.Medium(e.Mid, e.Media, at)?.Add(e) is { } layer && _metrics is { Measures: true })
            _metrics.Measure(e, layer, Tag, now);
    }

    // An event of a session that was there before the server started again: there are two servers.
    private void NoteSession(MonitoredSession session, long at)
    {
        if (!_holdsStart || !session.IsOfEarlierStart || at <= _startedAt)
            return;
        _holdsStart = false;
        foreach (MonitoredSession other in _sessions.Open)
            other.IsOfEarlierStart = false;
        _watch.NameShared(this, at, "a session goes on after the server started");
    }

    private void Note(SessionEvent e, long at, long now)
    {
        if (e.SessionId is not { } id)
            return;

        if (e.Name == SessionStates.Created)
        {
            if (_sessions.Add(id, now) is { } session)
            {
                (session.Transport, session.TransportId) = (e.Transport, e.TransportId);
                if (e is { Transport: not null, TransportId: not null } && !e.Transport.EndsWith(".http", StringComparison.Ordinal) && _byConnection.Count < MaxConnections)
                    _byConnection[e.TransportId] = session;
            }
        }
        else if (e.Name is SessionStates.Destroyed or SessionStates.Timeout)
        {
            MonitoredSession? session = _sessions.Find(id);
            if (session is null && !_sessions.HasEnded(id))
                _unknownEnds.Add(id, at, e.Name);
            if (session is not null && e.Name == SessionStates.Timeout)
                _watch.SessionTimedOut(this, session, at, UpOf(session, at));
            End(id, session, at, e.Name);
        }
    }

    // The PeerConnection that is up, or was until a moment ago: a time-out and the detaching come in either order.
    private static PeerConnection? UpOf(MonitoredSession session, long at)
    {
        foreach (MonitoredHandle handle in session.Handles)
        {
            if (handle.PeerConnection is { UpAt: not 0 } pc && (pc.EndedAt == 0 || (pc.EndEvent != "hangup" && at - pc.EndedAt < EndsInProgress.Hold)))
                return pc;
        }

        return session.Lately is { UpAt: not 0 } lately && lately.EndEvent != "hangup" && Math.Abs(at - lately.EndedAt) < EndsInProgress.Hold ? lately : null;
    }

    private void Note(HandleEvent e, long at, long now)
    {
        if (e.SessionId is not { } sessionId || e.HandleId is not { } handleId)
            return;

        if (e.Name == HandleStates.Attached)
        {
            if (!_sessions.HasEnded(sessionId) && _sessions.Attach(sessionId, handleId, now) is { } handle)
            {
                _sessions.SetPlugin(handle, e.Plugin);
                handle.AttachedAt = at;
                handle.OpaqueId ??= e.OpaqueId ?? e.BodyOpaqueId;
            }
        }
        else if (e.Name == HandleStates.Detached)
        {
            MonitoredSession? unknown = _unknownEnds.Find(sessionId);
            bool isKnown = _sessions.HasEnded(handleId) || (_sessions.HasEnded(sessionId) && unknown is null);
            _sessions.NoteEnded(handleId);
            if (_sessions.Find(sessionId) is { } session)
            {
                session.HeardAt = now;
                if (session.Find(handleId) is { } handle)
                {
                    _sessions.SetPlugin(handle, e.Plugin);
                    _rooms.Leave(handle);
                    handle.DetachedAt = at;
                    _watch.Detached(this, handle, at, "detached");
                    if (handle.PeerConnection is { } pc)
                    {
                        EndCall(pc, at, "detached");
                        session.Lately = pc;
                    }

                    _sessions.Detach(handle);
                    session.Handles.Remove(handle);
                }
            }
            else if (!_ends.Detach(handleId, at) && !isKnown)
            {
                EndUnknown(new MonitoredHandle(handleId, unknown ?? new MonitoredSession(sessionId)) { Plugin = e.Plugin, OpaqueId = e.OpaqueId ?? e.BodyOpaqueId }, at, "detached");
            }
        }
    }

    private void Note(ConnectionEvent e, long at, long now)
    {
        if (e.State == ConnectionStates.Hangup)
            _metrics?.Hangup(e.Reason, Tag);
        if (e.SessionId is not { } sessionId || e.HandleId is not { } handleId)
            return;

        if (e.State == ConnectionStates.WebRtcUp)
        {
            if (!_sessions.HasEnded(sessionId, handleId) && _sessions.Attach(sessionId, handleId, now) is { } up)
            {
                _sessions.SetUp(up, true);
                NoteCall(e, at, now);
            }
        }
        else if (e.State == ConnectionStates.Hangup)
        {
            MonitoredSession? session = _sessions.Find(sessionId);
            if (session is not null)
                session.HeardAt = now;
            if (session?.Find(handleId) is { } handle)
            {
                if (handle.PeerConnection is { EndedAt: 0 } pc)
                {
                    pc.Reason = e.Reason;
                    EndCall(pc, at, "hangup");
                }

                _sessions.SetUp(handle, false);
            }
            else if (session is not null || !_sessions.HasEnded(sessionId))
            {
                EndUnknown(new MonitoredHandle(handleId, session ?? new MonitoredSession(sessionId)) { OpaqueId = e.OpaqueId }, at, "hangup", e.Reason);
            }
        }
    }

    /// <summary>The handles of sessions that timed out and were not followed, once each.</summary>
    public IReadOnlyList<(long Session, long Handle)> TakeUnknownTimeouts() => _unknownEnds.TakeTimedOut();

    private void EndUnknown(MonitoredHandle handle, long at, string word, string? reason = null)
    {
        if (!_isOthers && _unknownEnds.Add(handle, reason, at) is { } pc)
            EndCall(pc, at, word);
    }

    private void Note(PluginEvent e, long at, long now)
    {
        MonitoredHandle? handle = null;
        if (e.SessionId is { } sessionId && _sessions.Find(sessionId) is { } session)
        {
            session.HeardAt = now;
            NoteSession(session, at);
            if (e.HandleId is { } handleId)
                handle = session.Find(handleId);
            if (handle is { Plugin: null })
                _sessions.SetPlugin(handle, e.Plugin);
        }

        if (_isOthers)
            return;
        if (handle is not null)
        {
            PluginWord word = PluginWord.Read(e.Data);
            if (word.Word is not null)
                (handle.LastWord, handle.LastWordAt, handle.LastCode) = (word.Word, at, word.Code);
            (handle.AudioOff, handle.VideoOff) = (word.Audio is { } audio ? !audio : handle.AudioOff, word.Video is { } video ? !video : handle.VideoOff);
            handle.IsPaused = word.Word switch
            {
                "pausing" or "paused" or "stopping" or "stopped" => true,
                "starting" or "started" or "resumed" or "playing" or "switching" or "switched" or "playout" => false,
                _ => handle.IsPaused,
            };
            _watch.PluginSaid(this, handle, word, at);
        }

        foreach (Fact fact in FactReader.Read(e))
            _rooms.Note(fact, handle, at);
        if (handle?.PeerConnection is { EndedAt: 0 } pc)
            _watch.Check(this, pc);
    }

    private void Note(TransportEvent e, long at)
    {
        if (e.Id is null || _byConnection.Count == 0 || !_byConnection.TryGetValue(e.Id, out MonitoredSession? session))
            return;
        if (PluginWord.Read(e.Data).Word is not ("disconnected" or "closed"))
            return;
        _byConnection.Remove(e.Id);
        session.DisconnectedAt = at;
        if (session.EndedAt == 0)
            _timers.Enqueue(session, at + EndsInProgress.Hold);
    }

    private void Note(CoreEvent e, long at)
    {
        Description.Note(e);
        if (e.Status == CoreStates.Update)
        {
            _sendsCounters = true;
        }
        else if (!_isOthers && e.Status is CoreStates.Started or CoreStates.Shutdown)
        {
            // It has begun anew, or has ended, and all that was open on it has ended too.
            _sendsCounters = false;
            if (e.Status == CoreStates.Shutdown)
            {
                _watch.Stopped(this, at, _sessions.Up, e.Signum);
                EndAll(at, "shutdown");
            }
            else if (_sessions.Up == 0 || e.Timestamp is null)
            {
                int lost = _sessions.Open.Count;
                EndAll(at, "restart");
                if (lost > 0)
                    _watch.Restarted(this, at, 0);
                _watch.Started(this, at);
            }
            else
            {
                _startedAt = at;
                _holdsStart = true;
                foreach (MonitoredSession session in _sessions.Open)
                    session.IsOfEarlierStart = true;
                _timers.Enqueue(this, at + EndsInProgress.Hold);
            }
        }
    }

    private void EndHeldStart()
    {
        _holdsStart = false;
        int lost = 0;
        foreach (MonitoredSession session in _sessions.Open)
        {
            if (!session.IsOfEarlierStart)
                continue;
            foreach (MonitoredHandle handle in session.Handles)
            {
                if (handle.PeerConnection is { EndedAt: 0 } pc)
                {
                    lost++;
                    EndCall(pc, pc.LastAt, "restart");
                }
            }

            End(session.Id, session, _startedAt, "restart");
        }

        _watch.Restarted(this, _startedAt, lost);
        _watch.Started(this, _startedAt);
    }

    private void EndAll(long at, string word)
    {
        foreach (MonitoredSession session in _sessions.Open)
            End(session.Id, session, at, word);
        _rooms.Clear();
        _byConnection.Clear();
    }

    private void NoteCall(JanusEvent e, long at, long now)
    {
        if (_isOthers || e.SessionId is not { } sessionId || e.HandleId is not { } handleId || _sessions.HasEnded(sessionId, handleId))
            return;
        if (_sessions.Attach(sessionId, handleId, now) is not { } handle)
            return;

        handle.OpaqueId ??= e.OpaqueId;
        NoteSession(handle.Session, at);
        PeerConnection? pc = handle.PeerConnection;
        if (pc is null || (pc.EndedAt != 0 && e is JsepEvent or IceStateEvent { State: IceStates.Gathering } && at > pc.EndedAt))
        {
            pc = Begin(handle, at);
            pc.IsPartial = e is not (JsepEvent or IceStateEvent { State: IceStates.Gathering });
        }
        else if (pc.EndedAt != 0)
        {
            return;
        }

        pc.LastAt = Math.Max(pc.LastAt, at);
        PeerConnectionFold.Note(pc, e, at);
        if (e is ConnectionEvent)
            handle.Session.HadPeerConnection = true;
        _watch.Check(this, pc);
    }

    private static PeerConnection Begin(MonitoredHandle handle, long at)
    {
        PeerConnection pc = new(handle, (handle.PeerConnection?.Number ?? 0) + 1, at);
        handle.PeerConnection = pc;
        return pc;
    }

    private void EndCall(PeerConnection pc, long at, string word)
    {
        if (pc.EndedAt == 0 && pc.HasOpenRound)
            CloseRound(pc);
        if (_ends.Add(pc, at, word))
            _timers.Enqueue(pc, pc.EndedAt + EndsInProgress.Hold);
    }

    private void Finish(PeerConnection pc)
    {
        _ends.Finish(pc);
        if (pc is { Number: 0, EndEvent: SessionStates.Timeout })
            _unknownEnds.TimedOut(pc.Handle);
        _watch.Finished(this, pc);
    }

    private void End(long id, MonitoredSession? session, long at, string? word)
    {
        _sessions.NoteEnded(id);
        if (session is null)
            return;

        if (session.EndedAt == 0)
            (session.EndedAt, session.EndedBy) = (Math.Max(at, 1), word);
        if (session.TransportId is not null && session.DisconnectedAt == 0)
            _byConnection.Remove(session.TransportId);
        if (session.Lately is { } lately && word is not null)
            EndCall(lately, at, word);
        foreach (MonitoredHandle handle in session.Handles)
        {
            if (handle.PeerConnection is { } pc)
                EndCall(pc, at, word ?? "forgotten");
            _rooms.Leave(handle);
            _watch.Detached(this, handle, at, word ?? "forgotten");
            _sessions.Detach(handle);
        }

        _sessions.Remove(id);
    }

    /// <summary>What is known of it when nothing has come since the replay.</summary>
    private enum SilenceSinceReplay
    {
        None,

        /// <summary>The store is to be asked whether another host stores its events.</summary>
        InQuestion,

        /// <summary>The store has nothing later either.</summary>
        Confirmed,
    }
}
