namespace JanusEvents.Monitoring.State;

/// <summary>The counts of a medium between two of its statistics. Small, since there are many; counts end at 65,535.</summary>
internal struct MediumPeriod
{
    /// <summary>When it ended, in milliseconds since the first event of the PeerConnection.</summary>
    public int At;

    public ushort Received;

    public ushort Sent;

    /// <summary>Packets that Janus missed and did not get later; what a later report takes back is negative.</summary>
    public short LostIn;

    /// <summary>Packets that the peer missed; what a later report takes back is negative.</summary>
    public short LostOut;

    /// <summary>Packets that were sent to Janus: those that came, and those that it missed.</summary>
    public readonly int PacketsIn => Received + Math.Max(0, (int)LostIn);
}

/// <summary>The same while its round of statistics is open.</summary>
internal struct OpenPeriod
{
    public int Received;
    public int Sent;
    public int LostIn;
    public int LostOut;
    public int LostInRaw;
    public int Rtt;
    public int JitterLocal;
    public int JitterRemote;
    public bool ShowsLife;

    public readonly MediumPeriod At(int milliseconds) => new()
    {
        At = milliseconds,
        Received = (ushort)Math.Clamp(Received, 0, ushort.MaxValue),
        Sent = (ushort)Math.Clamp(Sent, 0, ushort.MaxValue),
        LostIn = (short)Math.Clamp(LostIn, short.MinValue, short.MaxValue),
        LostOut = (short)Math.Clamp(LostOut, short.MinValue, short.MaxValue),
    };
}
