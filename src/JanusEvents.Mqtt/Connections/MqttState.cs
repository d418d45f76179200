using System.Collections.Concurrent;

namespace JanusEvents.Mqtt.Connections;

/// <summary>What is known of the connection to the broker and of the servers behind it: for health, the status page and metrics.</summary>
internal sealed class MqttState(TimeProvider time)
{
    // Any client that may publish names topics.
    private const int MaxServers = 1000;

    // A lost session says something about the present for so long.
    private static readonly TimeSpan s_recent = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, ServerPresence> _servers = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Link _link = new(IsConnected: false, Node: null, time.GetUtcNow(), LastError: null);
    private DateTimeOffset? _sessionLostAt;
    private long _sessionsLost;
    private long _redelivered;
    private int _held;

    /// <summary>How the connection is.</summary>
    public Link Current
    {
        get
        {
            lock (_gate)
                return _link;
        }
    }

    /// <summary>How often the broker had no session any more on a reconnect.</summary>
    public long SessionsLost => Interlocked.Read(ref _sessionsLost);

    /// <summary>When that was, if lately; otherwise null.</summary>
    public DateTimeOffset? SessionLostLately
    {
        get
        {
            lock (_gate)
                return time.GetUtcNow() - _sessionLostAt < s_recent ? _sessionLostAt : null;
        }
    }

    /// <summary>How many messages were delivered again.</summary>
    public long Redelivered => Interlocked.Read(ref _redelivered);

    /// <summary>How many messages were received and are not acknowledged yet.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>The servers that were heard of, by topic.</summary>
    public IEnumerable<ServerPresence> Servers => _servers.Values.OrderBy(server => server.Topic, StringComparer.Ordinal);

    public void Connected(string node)
    {
        lock (_gate)
            _link = new Link(IsConnected: true, node, time.GetUtcNow(), LastError: null);
    }

    public void Disconnected(string cause)
    {
        lock (_gate)
            _link = _link.IsConnected ? new Link(IsConnected: false, _link.Node, time.GetUtcNow(), cause) : _link with { LastError = cause };
    }

    public void LoseSession()
    {
        Interlocked.Increment(ref _sessionsLost);
        lock (_gate)
            _sessionLostAt = time.GetUtcNow();
    }

    public void AddRedelivered() => Interlocked.Increment(ref _redelivered);

    public void AddHeld(int by) => Interlocked.Add(ref _held, by);

    /// <summary>Records that a server is connected or away.</summary>
    /// <param name="topic">Its topic, without the last level.</param>
    /// <param name="emitter">Its name, where an event said it.</param>
    /// <param name="isAway">Whether it is away.</param>
    /// <returns>What is known of it now, if it went away or came back; otherwise null.</returns>
    public ServerPresence? Set(string topic, string? emitter, bool isAway)
    {
        _servers.TryGetValue(topic, out ServerPresence? before);
        if (before is not null && before.IsAway == isAway && (emitter is null || before.Emitter == emitter))
            return null;
        if (before is null && _servers.Count >= MaxServers)
            return null;

        bool changed = before?.IsAway != isAway;
        ServerPresence now = new(topic, emitter ?? before?.Emitter, isAway, changed ? time.GetUtcNow() : before!.Since);
        _servers[topic] = now;

        // One that is connected when it is first heard of has not come back.
        return changed && (isAway || before is not null) ? now : null;
    }

    /// <summary>Removes a server whose retained status was deleted.</summary>
    public void Remove(string topic) => _servers.TryRemove(topic, out _);

    /// <summary>A connection.</summary>
    /// <param name="IsConnected">Whether it is open.</param>
    /// <param name="Node">The broker that it goes to, or went to last; null before the first.</param>
    /// <param name="Since">Since when it is open or not.</param>
    /// <param name="LastError">Why it is not open, if that is known.</param>
    internal sealed record Link(bool IsConnected, string? Node, DateTimeOffset Since, string? LastError);
}
