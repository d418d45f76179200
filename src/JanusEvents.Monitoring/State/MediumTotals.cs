namespace JanusEvents.Monitoring.State;

/// <summary>What was counted of a medium over its PeerConnection, and what its quality is estimated from.</summary>
internal struct MediumTotals
{
    public long Received, Sent, LostIn, LostInRaw, LostOut, BytesReceived, BytesSent, Nacks;
    public long JitterInSum, JitterInWeight, JitterOutSum, JitterOutWeight, RttSum;
    public int RttCount, RttMax, JitterInMax, JitterOutMax, Stops;

    public void Add(in MediumPeriod period, int lostRaw, int rtt, int jitterIn, int jitterOut)
    {
        Received += period.Received;
        Sent += period.Sent;
        LostIn += period.LostIn;
        LostInRaw += lostRaw;
        LostOut += period.LostOut;
        if (rtt is > 0 and <= 60_000)
        {
            RttSum += rtt;
            RttCount++;
            RttMax = Math.Max(RttMax, rtt);
        }

        if (jitterIn is >= 0 and <= 60_000)
        {
            JitterInSum += (long)jitterIn * period.Received;
            JitterInWeight += period.Received;
            JitterInMax = Math.Max(JitterInMax, jitterIn);
        }

        if (jitterOut is >= 0 and <= 60_000)
        {
            JitterOutSum += (long)jitterOut * period.Sent;
            JitterOutWeight += period.Sent;
            JitterOutMax = Math.Max(JitterOutMax, jitterOut);
        }
    }
}
