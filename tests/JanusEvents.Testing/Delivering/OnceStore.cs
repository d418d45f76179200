namespace JanusEvents.Testing;

/// <summary>A store of several hosts in memory: it keeps each body once, by its hash, in the order of writing.</summary>
public sealed class OnceStore : IEventSink
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _hashes = new(StringComparer.Ordinal);
    private readonly List<ReceivedBody> _bodies = [];
    private volatile Exception? _failure;
    private int _duplicates;

    /// <summary>What it throws; null when it works.</summary>
    public Exception? Failure
    {
        get => _failure;
        set => _failure = value;
    }

    /// <summary>Runs before each write.</summary>
    public Func<Task>? Before { get; set; }

    /// <summary>The bodies, in the order of writing.</summary>
    public IReadOnlyList<ReceivedBody> Bodies
    {
        get
        {
            lock (_gate)
                return [.. _bodies];
        }
    }

    /// <summary>How many bodies came that it had.</summary>
    public int Duplicates
    {
        get
        {
            lock (_gate)
                return _duplicates;
        }
    }

    /// <summary>The number of each event, in the order of writing.</summary>
    public IReadOnlyList<long> Numbers => [.. Bodies.SelectMany(body => body.Events).Select(e => e.SessionId!.Value)];

    /// <summary>The numbers of the events of one server.</summary>
    public IReadOnlyList<long> NumbersOf(string emitter) => [.. Bodies.SelectMany(body => body.Events).Where(e => e.Emitter == emitter).Select(e => e.SessionId!.Value)];

    /// <summary>Each event, as it came.</summary>
    public IReadOnlyList<string> Json => [.. Bodies.SelectMany(body => body.Events).Where(e => e is not MediaStatsEvent { Part: > 0 }).Select(e => e.Json.ToString())];

    /// <inheritdoc/>
    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (Before is { } before)
            await before().ConfigureAwait(false);
        if (_failure is { } failure)
            throw failure;
        lock (_gate)
        {
            foreach (ReceivedBody body in batch.Bodies)
            {
                if (_hashes.Add(Convert.ToHexString(body.Hash.Span)))
                    _bodies.Add(body);
                else
                    _duplicates++;
            }
        }
    }
}
