namespace JanusEvents.Monitoring.Servers;

/// <summary>A session that is open, as far as its server told.</summary>
internal sealed class ObservedSession
{
    /// <summary>Its handles: one or a few.</summary>
    public List<ObservedHandle> Handles { get; } = [];

    /// <summary>When something of it was heard last, in ticks by this host's clock.</summary>
    public long HeardAt { get; set; }

    public ObservedHandle? Find(long handle)
    {
        foreach (ObservedHandle known in Handles)
        {
            if (known.Id == handle)
                return known;
        }

        return null;
    }
}
