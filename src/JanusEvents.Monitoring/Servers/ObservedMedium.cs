namespace JanusEvents.Monitoring.Servers;

/// <summary>A medium of a PeerConnection, as it was measured last.</summary>
internal sealed class ObservedMedium(string? media, string? mid)
{
    public string? Media => media;

    public string? Mid => mid;

    /// <summary>When it was measured, by the server's clock in microseconds; null before that.</summary>
    public long? MeasuredAt { get; set; }

    public MediumCount Received { get; set; }

    public MediumCount Sent { get; set; }

    public bool Is(string? otherMedia, string? otherMid) =>
        string.Equals(media, otherMedia, StringComparison.Ordinal) && string.Equals(mid, otherMid, StringComparison.Ordinal);
}
