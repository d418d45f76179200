namespace JanusEvents.Monitoring.State;

/// <summary>What a server said of itself, and the types of its events.</summary>
internal sealed class ServerDescription
{
    private int _types;

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? StoppedAt { get; private set; }

    /// <summary>Its description with the last <c>started</c>.</summary>
    public RawJson Info { get; private set; }

    /// <summary>Its counters since then.</summary>
    public RawJson Counters { get; private set; }

    public IReadOnlyList<JanusEventType> Types => [.. Enum.GetValues<JanusEventType>().Where(type => ((int)type & _types) != 0)];

    public void Note(JanusEventType type) => _types |= (int)type;

    public void Note(CoreEvent e)
    {
        switch (e.Status)
        {
            case CoreStates.Started:
                (StartedAt, Info, Counters) = (e.Timestamp, CopyOf(e.Info), default);
                break;
            case CoreStates.Shutdown:
                StoppedAt = e.Timestamp;
                break;
            case CoreStates.Update:
                Counters = CopyOf(e.Info);
                break;
        }
    }

    // An event is a slice of its body, which would stay in memory as a whole.
    private static RawJson CopyOf(RawJson json) => new(json.Utf8.ToArray());
}
