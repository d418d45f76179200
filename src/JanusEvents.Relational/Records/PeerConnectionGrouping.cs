namespace JanusEvents;

/// <summary>By what <see cref="IPeerConnectionStore.SummarizeAsync"/> groups PeerConnections.</summary>
public enum PeerConnectionGrouping
{
    /// <summary>One group of all.</summary>
    None,

    /// <summary>By the server (<c>emitter</c>).</summary>
    Server,

    /// <summary>By the plugin.</summary>
    Plugin,

    /// <summary>By the room, mountpoint or call.</summary>
    Room,

    /// <summary>By the outcome.</summary>
    Outcome,

    /// <summary>By the hour in which they ended, in UTC.</summary>
    Hour,
}
