namespace JanusEvents.Monitoring.State;

/// <summary>A room, mountpoint, call or recording that somebody is in.</summary>
internal sealed class Room(string plugin, string id)
{
    public const int MaxParticipants = 10_000;

    public string Plugin => plugin;

    public string Id => id;

    public Dictionary<string, Participant> Participants { get; } = new(StringComparer.Ordinal);
}

/// <summary>A participant of a room.</summary>
internal sealed class Participant(string id, long joinedAt)
{
    public string Id => id;

    public long JoinedAt => joinedAt;

    public string? Display { get; set; }

    /// <summary>The handle that it came with; null while that is not known.</summary>
    public MonitoredHandle? Handle { get; set; }

    public bool IsPublishing { get; set; }
}
