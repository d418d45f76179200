namespace JanusEvents.Monitoring.State;

/// <summary>What a medium did between two of its statistics.</summary>
internal struct MediumPeriod
{
    /// <summary>When it ended, in milliseconds since the first event of the PeerConnection.</summary>
    public int At;

    public int Received;

    /// <summary>Packets that Janus missed and did not get later; what a later report takes back is negative.</summary>
    public int LostIn;

    public int Sent;

    /// <summary>Packets that the peer missed; what a later report takes back is negative.</summary>
    public int LostOut;
}
