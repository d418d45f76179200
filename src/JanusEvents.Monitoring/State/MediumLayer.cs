namespace JanusEvents.Monitoring.State;

/// <summary>A medium, or a simulcast layer of it, as it was reported last.</summary>
internal sealed class MediumLayer(string? media)
{
    public string? Media => media;

    /// <summary>The base of its latest metrics; null while nobody listens.</summary>
    public MeasuredLayer? Measured { get; set; }

    /// <summary>The counters of its last statistics.</summary>
    public LayerCounters Last;

    public bool HasCounters { get; set; }
}

/// <summary>The base of the latest metrics of a medium, or of a layer.</summary>
internal sealed class MeasuredLayer
{
    /// <summary>When, by the server's clock in microseconds.</summary>
    public long At { get; set; }

    public MediumCount Received { get; set; }

    public MediumCount Sent { get; set; }
}

/// <summary>The counters of statistics; -1 where there is none.</summary>
internal struct LayerCounters
{
    public long Received, Lost, Retransmissions, Sent, LostByRemote, Nacks, BytesReceived, BytesSent;
    public int Rtt, JitterRemote, OutQuality;

    public LayerCounters(MediaStatsEvent e)
    {
        Received = e.PacketsReceived ?? -1;
        Lost = e.Lost ?? 0;
        Retransmissions = e.RetransmissionsReceived ?? 0;
        Sent = e.PacketsSent ?? -1;
        LostByRemote = e.LostByRemote ?? 0;
        Nacks = e.NacksReceived ?? 0;
        BytesReceived = e.BytesReceived ?? 0;
        BytesSent = e.BytesSent ?? 0;
        Rtt = Small(e.Rtt);
        JitterRemote = Small(e.JitterRemote);
        OutQuality = Small(e.OutLinkQuality);
    }

    private static int Small(long? value) => (int)Math.Clamp(value ?? 0, int.MinValue, int.MaxValue);
}
