namespace JanusEvents.Observation;

/// <summary>
/// Everything received since the host started, by any receiver, whether or not it could be stored. For pages and health
/// checks; safe for several threads at once, and of bounded size.
/// </summary>
internal sealed class Intake(TimeProvider time)
{
    /// <summary>How many servers are known at most; then the one that has been silent longest makes room.</summary>
    public const int MaxEmitters = 1_000;

    /// <summary>How many characters of a server's name are kept.</summary>
    public const int LongestEmitter = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Server>> _byName = new(StringComparer.Ordinal);

    // The one that was silent longest comes first.
    private readonly LinkedList<Server> _servers = new();
    private long _bodies;
    private long _events;
    private long _rejected;
    private long _refused;
    private long _refusedBodies;
    private long _unanswered;
    private long _lastBody;
    private long _lastRefused;

    /// <summary>Since when it counts: about when the host started.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>How many bodies were received, duplicates included.</summary>
    public long Bodies => Interlocked.Read(ref _bodies);

    /// <summary>How many events were in them.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>How many elements in them were invalid.</summary>
    public long RejectedElements => Interlocked.Read(ref _rejected);

    /// <summary>When the last body came; null before the first.</summary>
    public DateTimeOffset? LastBodyAt => Time(ref _lastBody);

    /// <summary>How many requests were refused for their credentials.</summary>
    public long RefusedCredentials => Interlocked.Read(ref _refused);

    /// <summary>When the last request was refused for its credentials; null when none was.</summary>
    public DateTimeOffset? LastRefusedAt => Time(ref _lastRefused);

    /// <summary>How many bodies were answered with an error for what they are: too large, not understood, or without any event.</summary>
    public long RefusedBodies => Interlocked.Read(ref _refusedBodies);

    /// <summary>How many requests got no answer, since their body could not be read or stored in time; Janus sends these again.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>The intake of each server, the one that sent last first.</summary>
    public IReadOnlyList<EmitterIntake> ReadEmitters()
    {
        lock (_gate)
        {
            List<EmitterIntake> emitters = new(_servers.Count);
            for (LinkedListNode<Server>? node = _servers.Last; node is not null; node = node.Previous)
                emitters.Add(node.Value.Read());
            return emitters;
        }
    }

    /// <summary>Records a body that came. One that its receiver hands over again counts once.</summary>
    /// <returns>False when it was recorded before.</returns>
    public bool Record(ReceivedBody body)
    {
        if (body.IsCounted)
            return false;

        body.IsCounted = true;
        long now = time.GetUtcNow().Ticks;
        IReadOnlyList<JanusEvent> events = body.Events;
        Interlocked.Exchange(ref _lastBody, now);
        long number = Interlocked.Increment(ref _bodies);
        Interlocked.Add(ref _events, events.Count);
        Interlocked.Add(ref _rejected, body.Rejected.Count);
        if (events.Count == 0)
            return true;

        lock (_gate)
        {
            EmitterRuns runs = new(events);
            while (runs.MoveNext())
                Record(runs.Emitter, runs.End - runs.First, body, number, now);
        }

        return true;
    }

    /// <summary>Records a request that was refused for its credentials.</summary>
    public void NoteRefusedCredentials()
    {
        Interlocked.Exchange(ref _lastRefused, time.GetUtcNow().Ticks);
        Interlocked.Increment(ref _refused);
    }

    /// <summary>Records a body that was answered with an error.</summary>
    public void NoteRefusedBody() => Interlocked.Increment(ref _refusedBodies);

    /// <summary>Records a request whose connection was aborted.</summary>
    public void NoteUnanswered() => Interlocked.Increment(ref _unanswered);

    /// <summary>The name by which a server is known: its emitter, of bounded length, and empty where it has none.</summary>
    public static string NameOf(string? emitter) =>
        emitter is null ? string.Empty : emitter.Length <= LongestEmitter ? emitter : emitter[..LongestEmitter];

    private static DateTimeOffset? Time(ref long ticks) =>
        Interlocked.Read(ref ticks) is not 0 and long known ? new DateTimeOffset(known, TimeSpan.Zero) : null;

    private void Record(string? emitter, int events, ReceivedBody body, long number, long now)
    {
        string name = NameOf(emitter);
        if (_byName.TryGetValue(name, out LinkedListNode<Server>? node))
        {
            if (node != _servers.Last)
            {
                _servers.Remove(node);
                _servers.AddLast(node);
            }
        }
        else
        {
            if (_servers.Count == MaxEmitters)
            {
                _byName.Remove(_servers.First!.Value.Name);
                _servers.RemoveFirst();
            }

            node = _servers.AddLast(new Server(name, now));
            _byName.Add(name, node);
        }

        node.Value.Record(events, body, number, now);
    }

    private sealed class Server(string name, long first)
    {
        private long _last;
        private long _bodies;
        private long _events;
        private long _lastSeen;
        private string? _remoteAddress;

        public string Name => name;

        public void Record(int events, ReceivedBody body, long number, long at)
        {
            _last = at;
            _remoteAddress = body.RemoteAddress;
            _events += events;
            if (_lastSeen != number)
                _bodies++;
            _lastSeen = number;
        }

        public EmitterIntake Read() => new(
            name.Length == 0 ? null : name,
            new DateTimeOffset(first, TimeSpan.Zero),
            new DateTimeOffset(_last, TimeSpan.Zero),
            _remoteAddress,
            _bodies,
            _events);
    }
}
