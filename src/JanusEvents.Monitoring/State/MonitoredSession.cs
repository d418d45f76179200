namespace JanusEvents.Monitoring.State;

/// <summary>A session that is open, as far as its server told.</summary>
internal sealed class MonitoredSession(long id)
{
    public long Id => id;

    /// <summary>Its handles: one or a few.</summary>
    public List<MonitoredHandle> Handles { get; } = [];

    /// <summary>When something of it was heard last, in ticks by this host's clock.</summary>
    public long HeardAt { get; set; }

    /// <summary>The transport and the connection that it was created by.</summary>
    public string? Transport { get; set; }

    public string? TransportId { get; set; }

    /// <summary>Whether a PeerConnection of it was ever up.</summary>
    public bool HadPeerConnection { get; set; }

    /// <summary>By the server's clock: when its connection closed, and when it was destroyed or timed out; 0 before.</summary>
    public long DisconnectedAt { get; set; }

    public long EndedAt { get; set; }

    /// <summary>The word of its end: <c>destroyed</c> or <c>timeout</c>.</summary>
    public string? EndedBy { get; set; }

    /// <summary>Whether it was there before the server's last start.</summary>
    public bool IsOfEarlierStart { get; set; }

    /// <summary>The PeerConnection that ended last by the detaching of its handle.</summary>
    public PeerConnection? Lately { get; set; }

    public MonitoredHandle? Find(long handle)
    {
        foreach (MonitoredHandle known in Handles)
        {
            if (known.Id == handle)
                return known;
        }

        return null;
    }
}
