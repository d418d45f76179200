namespace JanusEvents;

/// <summary>The totals of a medium of a PeerConnection. "In" is what Janus received, "out" what it sent.</summary>
public sealed record PeerConnectionMedium
{
    /// <summary>The id of its m-line (<c>mid</c>).</summary>
    public string? Mid { get; init; }

    /// <summary>Its kind: <c>audio</c>, <c>video</c>, <c>data</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Packets that Janus received.</summary>
    public long PacketsIn { get; init; }

    /// <summary>Packets that Janus sent.</summary>
    public long PacketsOut { get; init; }

    /// <summary>Bytes that Janus received.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes that Janus sent.</summary>
    public long BytesOut { get; init; }

    /// <summary>Packets that Janus missed, those that were sent again in time included.</summary>
    public long LostInRaw { get; init; }

    /// <summary>Packets that Janus missed and never got.</summary>
    public long LostIn { get; init; }

    /// <summary>Packets that the peer missed, as it reported.</summary>
    public long LostOut { get; init; }

    /// <summary>Mean jitter at Janus in milliseconds, weighted by packets; null when nothing was measured.</summary>
    public double? JitterInMs { get; init; }

    /// <summary>The greatest jitter at Janus in milliseconds.</summary>
    public double? JitterInMaxMs { get; init; }

    /// <summary>Mean jitter at the peer in milliseconds, weighted by packets.</summary>
    public double? JitterOutMs { get; init; }

    /// <summary>Mean round-trip time in milliseconds.</summary>
    public double? RttMs { get; init; }

    /// <summary>The greatest round-trip time in milliseconds.</summary>
    public double? RttMaxMs { get; init; }

    /// <summary>NACKs that the peer sent.</summary>
    public long Nacks { get; init; }

    /// <summary>How often it stopped arriving.</summary>
    public int Stops { get; init; }
}
