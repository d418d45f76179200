using JanusEvents.Observation;

namespace JanusEvents.Monitoring.State;

/// <summary>
/// The state of the Janus servers, gathered from the events that are stored.
/// Of bounded size; what would exceed it is not
/// followed.
/// </summary>
internal sealed class MonitoredServers : IStoredBodyObserver
{
    /// <summary>How many servers are told apart; all others are one, called other.</summary>
    public const int MaxServers = 256;

    /// <summary>How many plugins are told apart; all others are one, called other.</summary>
    public const int MaxPlugins = 50;

    /// <summary>The place of the handles of all other plugins.</summary>
    public const int OtherPlugin = MaxPlugins;

    /// <summary>The place of the handles whose plugin is not known.</summary>
    public const int UnknownPlugin = MaxPlugins + 1;

    /// <summary>How many sessions and handles are followed, of all servers together; some tens of MB.</summary>
    public const int MaxFollowed = 200_000;

    private readonly Lock _gate = new();
    private readonly JanusMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly IStateWatch _watch;
    private readonly StateLimits _limits;
    private readonly Dictionary<string, MonitoredServer> _byName = new(StringComparer.Ordinal);
    private readonly List<MonitoredServer> _servers = [];
    private readonly List<string> _plugins = [];
    private MonitoredServer? _others;
    private int _followed;

    public MonitoredServers(JanusMetrics? metrics, TimeProvider time, IStateWatch watch, StateLimits limits)
    {
        (_metrics, _time, _watch, _limits) = (metrics, time, watch, limits);
        metrics?.Observe(this);
    }

    /// <summary>Whether bodies are followed.</summary>
    public bool IsOn { get; init; } = true;

    public string Name => "state of the servers";

    public void Observe(ReceivedBody body)
    {
        if (!IsOn)
            return;
        long now = _time.GetUtcNow().Ticks;
        lock (_gate)
        {
            EmitterRuns runs = new(body.Events);
            while (runs.MoveNext())
            {
                ServerOf(runs.Emitter).Note(body.Events, runs.First, runs.End, body.ArrivedAt.UtcTicks, body.RemoteAddress, now);
            }
        }
    }

    /// <summary>Follows a stored event, as if it had arrived when it happened.</summary>
    public void Replay(JanusEvent e)
    {
        long at = e.Timestamp?.UtcTicks ?? 0;
        if (at == 0)
            return;
        lock (_gate)
            ServerOf(e.Emitter).Note([e], 0, 1, at, null, at);
    }

    /// <summary>Ends what waits for more events of a replay.</summary>
    public void CompleteReplay()
    {
        lock (_gate)
        {
            foreach (MonitoredServer server in _servers)
                server.CompleteReplay();
        }
    }

    /// <summary>After a replay: what is silent is so from now on.</summary>
    public void GoLive()
    {
        long now = _time.GetUtcNow().Ticks;
        lock (_gate)
        {
            foreach (MonitoredServer server in _servers)
                server.GoLive(now);
        }
    }

    public MonitoredHandle? FindHandle(string? emitter, long session, long handle)
    {
        lock (_gate)
            return _byName.TryGetValue(Intake.NameOf(emitter), out MonitoredServer? server) ? server.FindHandle(session, handle) : null;
    }

    /// <summary>Takes over what stored events say of a call that began before this host saw it.</summary>
    public void Adopt(string? emitter, long session, long handle, MonitoredHandle history)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(Intake.NameOf(emitter), out MonitoredServer? server) && server.FindHandle(session, handle) is { } live)
                server.Adopt(live, history);
        }
    }

    /// <summary>The servers that are silent since the replay, with the time of their last event: another host may follow them.</summary>
    public IReadOnlyList<(string? Emitter, DateTimeOffset Newest)> InQuestion()
    {
        lock (_gate)
            return [.. _servers.Where(s => s.IsInQuestion).Select(s => (s.Emitter, DateTimeOffset.UnixEpoch.AddMicroseconds(s.Clock.Newest)))];
    }

    /// <summary>Takes the store's answer for a server in question.</summary>
    /// <param name="emitter">The server.</param>
    /// <param name="isElsewhere">Whether another host stores its events: then it is not followed here until an event comes.</param>
    public void Answer(string? emitter, bool isElsewhere)
    {
        lock (_gate)
        {
            string name = Intake.NameOf(emitter);
            if (!_byName.TryGetValue(name, out MonitoredServer? server) || !server.IsInQuestion)
                return;
            if (!isElsewhere)
            {
                server.ConfirmSilence();
                return;
            }

            Removed(server.Leave());
            _byName.Remove(name);
            _servers.Remove(server);
        }
    }

    /// <summary>The handles of sessions that timed out and began before this host, so that only the store knows of their calls; each once.</summary>
    public IReadOnlyList<(string? Emitter, long Session, long Handle)> TakeUnknownTimeouts()
    {
        lock (_gate)
            return [.. _servers.SelectMany(s => s.TakeUnknownTimeouts().Select(h => (s.Emitter, h.Session, h.Handle)))];
    }

    /// <summary>Runs something under the lock.</summary>
    public void Run(Action action)
    {
        lock (_gate)
            action();
    }

    /// <summary>Reads something under the lock.</summary>
    public T Read<T>(Func<IReadOnlyList<MonitoredServer>, T> read)
    {
        lock (_gate)
            return read(_servers);
    }

    /// <summary>Lets time pass on every server.</summary>
    /// <param name="arrived">
    /// When a body came last from a server, whether or not it could be stored: of a server whose body waits for the store, nothing
    /// else can come.
    /// </param>
    public void Tick(Func<string, DateTimeOffset?>? arrived = null)
    {
        long now = _time.GetUtcNow().Ticks;
        lock (_gate)
        {
            foreach (MonitoredServer server in _servers)
                server.Tick(now, arrived?.Invoke(server.Emitter ?? string.Empty)?.UtcTicks ?? 0);
        }
    }

    /// <summary>Returns what is open on each server that is followed by itself.</summary>
    public IReadOnlyList<ServerFigures> Read()
    {
        lock (_gate)
        {
            Sweep();
            return [.. _servers.Where(s => s != _others).Select(s => new ServerFigures(s.Emitter, s.Sessions, s.Handles, s.PeerConnections, s.Speaks))];
        }
    }

    /// <summary>Reads something of each server, under the lock.</summary>
    public List<T> Read<T>(Func<MonitoredServer, IReadOnlyList<string>, IEnumerable<T>> read)
    {
        lock (_gate)
        {
            Sweep();
            return [.. _servers.SelectMany(server => read(server, _plugins))];
        }
    }

    /// <summary>Asks whether one more session or handle can be followed, and counts it if so.</summary>
    public bool MayAdd()
    {
        if (_followed == MaxFollowed)
            return false;
        _followed++;
        return true;
    }

    /// <summary>Counts sessions and handles that ended.</summary>
    public void Removed(int count) => _followed -= count;

    /// <summary>The place of a plugin among those that are told apart.</summary>
    public int PlaceOfPlugin(string plugin)
    {
        int place = _plugins.IndexOf(plugin);
        if (place >= 0)
            return place;
        if (_plugins.Count == MaxPlugins || plugin.Length > Intake.LongestEmitter)
            return OtherPlugin;
        _plugins.Add(plugin);
        return _plugins.Count - 1;
    }

    private MonitoredServer ServerOf(string? emitter)
    {
        string name = Intake.NameOf(emitter);
        if (_byName.TryGetValue(name, out MonitoredServer? server))
            return server;

        if (_byName.Count < MaxServers)
        {
            server = new MonitoredServer(this, _metrics, _watch, _limits, name.Length == 0 ? null : name, name.Length == 0 ? Labels.Unknown : name);
            _byName.Add(name, server);
            _servers.Add(server);
            return server;
        }

        if (_others is null)
            _servers.Add(_others = new MonitoredServer(this, _metrics, _watch, _limits, null, Labels.Other, isOthers: true));
        return _others;
    }

    private void Sweep()
    {
        long now = _time.GetUtcNow().Ticks;
        foreach (MonitoredServer server in _servers)
            server.Sweep(now);
    }
}
