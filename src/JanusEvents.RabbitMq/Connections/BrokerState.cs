using System.Collections.Concurrent;

namespace JanusEvents.RabbitMq.Connections;

/// <summary>What is known of a connection to the broker and of its queues: for health, the status page and metrics.</summary>
/// <param name="role">What the connection is for: receiver, buffer or writer.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokerState(string role, TimeProvider time)
{
    public const string OfReceiver = "receiver";
    public const string OfBuffer = "buffer";
    public const string OfWriter = "writer";

    private readonly ConcurrentDictionary<string, QueueState> _queues = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Link _link = new(IsConnected: false, Node: null, time.GetUtcNow(), LastError: null, BlockedBy: null);
    private long _failedPublishes;

    /// <summary>What the connection is for.</summary>
    public string Role => role;

    /// <summary>How the connection is.</summary>
    public Link Current
    {
        get
        {
            lock (_gate)
                return _link;
        }
    }

    /// <summary>The queues that are read, or published to, by name.</summary>
    public IEnumerable<QueueState> Queues => _queues.Values.OrderBy(queue => queue.Name, StringComparer.Ordinal);

    /// <summary>How many publishes the broker refused, returned, or did not confirm.</summary>
    public long FailedPublishes => Interlocked.Read(ref _failedPublishes);

    /// <summary>The state of a queue.</summary>
    public QueueState Queue(string name) => _queues.GetOrAdd(name, static (key, clock) => new QueueState(key, clock), time);

    public void Connected(string node) => Set(_ => new Link(IsConnected: true, node, time.GetUtcNow(), LastError: null, BlockedBy: null));

    public void Disconnected(string cause) => Set(link => link.IsConnected
        ? new Link(IsConnected: false, link.Node, time.GetUtcNow(), cause, BlockedBy: null)
        : link with { LastError = cause });

    public void Blocked(string reason) => Set(link => link with { BlockedBy = reason });

    public void Unblocked() => Set(link => link with { BlockedBy = null });

    public void PublishFailed() => Interlocked.Increment(ref _failedPublishes);

    private void Set(Func<Link, Link> change)
    {
        lock (_gate)
            _link = change(_link);
    }

    /// <summary>A connection.</summary>
    /// <param name="IsConnected">Whether it is open.</param>
    /// <param name="Node">The node that it goes to, or went to last; null before the first.</param>
    /// <param name="Since">Since when it is open or not.</param>
    /// <param name="LastError">Why it is not open, if that is known.</param>
    /// <param name="BlockedBy">Why the broker holds publishers back; null when it does not.</param>
    internal sealed record Link(bool IsConnected, string? Node, DateTimeOffset Since, string? LastError, string? BlockedBy);
}
