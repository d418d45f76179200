namespace JanusEvents.Monitoring.Servers;

/// <summary>A handle that is attached, as far as its server told.</summary>
internal sealed class ObservedHandle(long id)
{
    private const int MaxMedia = 64;

    private List<ObservedMedium>? _media;

    public long Id => id;

    /// <summary>The place of its plugin among those that are told apart; null while it is not known.</summary>
    public int? Plugin { get; set; }

    /// <summary>Whether it has a PeerConnection that is up.</summary>
    public bool IsUp { get; set; }

    /// <summary>Whether statistics come of its PeerConnection.</summary>
    public bool HasStatistics { get; set; }

    /// <summary>When statistics came last, in ticks by this host's clock.</summary>
    public long StatisticsAt { get; set; }

    /// <summary>A medium of its PeerConnection; null when it has more than are measured.</summary>
    public ObservedMedium? Medium(string? media, string? mid)
    {
        _media ??= [];
        foreach (ObservedMedium known in _media)
        {
            if (known.Is(media, mid))
                return known;
        }

        if (_media.Count == MaxMedia)
            return null;

        ObservedMedium medium = new(media, mid);
        _media.Add(medium);
        return medium;
    }

    public void ForgetMedia() => _media = null;
}
