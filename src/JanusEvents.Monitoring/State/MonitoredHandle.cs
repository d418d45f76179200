namespace JanusEvents.Monitoring.State;

/// <summary>A handle that is attached, as far as its server told, and who uses it for what.</summary>
internal sealed class MonitoredHandle(long id, MonitoredSession session)
{
    public long Id => id;

    public MonitoredSession Session => session;

    /// <summary>The place of its plugin among those that are told apart; null while it is not known.</summary>
    public int? PluginPlace { get; set; }

    public string? Plugin { get; set; }

    public string? OpaqueId { get; set; }

    public long AttachedAt { get; set; }

    /// <summary>When it was detached, by the server's clock; 0 before.</summary>
    public long DetachedAt { get; set; }

    /// <summary>Whether it has a PeerConnection that is up.</summary>
    public bool IsUp { get; set; }

    /// <summary>Whether statistics come of its PeerConnection.</summary>
    public bool HasStatistics { get; set; }

    /// <summary>When statistics came last, in ticks by this host's clock.</summary>
    public long StatisticsAt { get; set; }

    /// <summary>Its PeerConnection, the last one where it had more.</summary>
    public PeerConnection? PeerConnection { get; set; }

    /// <summary>The room, mountpoint or call that it is in.</summary>
    public string? Room { get; set; }

    public string? Participant { get; set; }

    public string? Display { get; set; }

    /// <summary>When its participant left, was put out or unpublished, by the server's clock; 0 while it is there.</summary>
    public long LeftAt { get; set; }

    /// <summary>Whether its user paused what it gets.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether the plugin was told to pass no audio, or no video, on.</summary>
    public bool AudioOff { get; set; }

    public bool VideoOff { get; set; }

    /// <summary>The publishers whose media it gets.</summary>
    public List<string>? Feeds { get; set; }

    /// <summary>The other side of a call.</summary>
    public MonitoredHandle? Peer { get; set; }

    /// <summary>The last word of its plugin, and when it was said: why a PeerConnection was closed.</summary>
    public string? LastWord { get; set; }

    public long LastWordAt { get; set; }

    public long LastCode { get; set; }
}
