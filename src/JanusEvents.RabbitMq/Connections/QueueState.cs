namespace JanusEvents.RabbitMq.Connections;

/// <summary>What is known of a queue.</summary>
internal sealed class QueueState(string name, TimeProvider time)
{
    // A message that was delivered more than twice says something about the present for so long.
    private static readonly TimeSpan s_recent = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private long _messages = -1;
    private long _redelivered;
    private long _givenBack;
    private long _deliveries;
    private DateTimeOffset _redeliveredAt;

    public string Name => name;

    /// <summary>How many messages wait in the broker, as it said last; null where it was not asked, or did not answer.</summary>
    public long? Messages
    {
        get => Interlocked.Read(ref _messages) is >= 0 and long known ? known : null;
        set => Interlocked.Exchange(ref _messages, value ?? -1);
    }

    /// <summary>Whether the queue holds dead letters.</summary>
    public bool IsDeadLetters { get; set; }

    /// <summary>How its arguments differ from those that the library would declare; null when they do not.</summary>
    public string? Difference { get; set; }

    /// <summary>Why it cannot be read at present; null when it is read.</summary>
    public string? LastError { get; set; }

    /// <summary>Since when its messages are given back, since the store is away; null when they are not.</summary>
    public DateTimeOffset? GivenBackSince { get; private set; }

    /// <summary>How many messages were delivered again.</summary>
    public long Redelivered => Interlocked.Read(ref _redelivered);

    /// <summary>How often its messages were given back to the broker, since the store was away.</summary>
    public long GivenBack => Interlocked.Read(ref _givenBack);

    /// <summary>How often a message was returned to the queue lately, where that was more than once; otherwise 0.</summary>
    public long RecentReturns
    {
        get
        {
            lock (_gate)
                return time.GetUtcNow() - _redeliveredAt < s_recent ? _deliveries : 0;
        }
    }

    /// <summary>Records a message that was delivered before.</summary>
    /// <param name="returns">How often it was returned to the queue, by the broker's count; 0 where it has none.</param>
    /// <returns>Whether that is more than the end of one consumer explains.</returns>
    public bool AddRedelivered(long returns)
    {
        Interlocked.Increment(ref _redelivered);
        if (returns <= 1)
            return false;

        lock (_gate)
        {
            _deliveries = Math.Max(RecentReturns, returns);
            _redeliveredAt = time.GetUtcNow();
        }

        return true;
    }

    public void BeginGiveBack()
    {
        Interlocked.Increment(ref _givenBack);
        GivenBackSince = time.GetUtcNow();
    }

    public void EndGiveBack() => GivenBackSince = null;
}
