namespace JanusEvents.Monitoring.State;

/// <summary>The counts of a medium over its PeerConnection, and the data from which its quality is estimated.</summary>
internal struct MediumTotals
{
    public long Received, Sent, LostIn, LostInRaw, LostOut, BytesReceived, BytesSent, Nacks;
    public long JitterInSum, JitterInWeight, JitterOutSum, JitterOutWeight, RttSum;
    public int RttCount, RttMax, JitterInMax, Stops;

    /// <summary>The estimates of quality of all its periods, and of those of the minute that is running.</summary>
    public MediumScores All, Minute;

    /// <summary>Rates a period.</summary>
    /// <param name="kind">The kind of the medium.</param>
    /// <param name="period">The period.</param>
    /// <param name="jitterIn">The jitter at Janus in milliseconds.</param>
    /// <param name="jitterOut">The jitter at the peer in milliseconds.</param>
    /// <param name="rtt">The round-trip time in milliseconds, 0 when unknown.</param>
    /// <param name="missing">How many packets would have arrived, had the medium not been lost.</param>
    public void Rate(string kind, in OpenPeriod period, int jitterIn, int jitterOut, int rtt, int missing)
    {
        if (missing > 0)
            AddIn(1, missing);

        if (period.Received > 0)
        {
            double loss = Math.Clamp((double)Math.Max(0, period.LostIn) / (period.Received + Math.Max(0, period.LostIn)), 0, 1);
            AddIn(kind == "audio" ? Quality.OfAudio(loss, jitterIn, rtt) : Quality.OfVideo(loss), period.Received);
        }

        if (period.Sent > 0)
        {
            double loss = Math.Clamp((double)Math.Max(0, period.LostOut) / period.Sent, 0, 1);
            double score = kind == "audio" ? Quality.OfAudio(loss, jitterOut, rtt) : Quality.OfVideo(loss);
            All.Out.Add(score, period.Sent);
            Minute.Out.Add(score, period.Sent);
        }
    }

    public void Add(in OpenPeriod period, int lostRaw, int rtt, int jitterIn, int jitterOut)
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
        }
    }

    private void AddIn(double score, int packets)
    {
        All.In.Add(score, packets);
        Minute.In.Add(score, packets);
    }
}

/// <summary>The estimates of quality of a medium, by direction.</summary>
internal struct MediumScores
{
    public WeightedScore In, Out;
}

/// <summary>A mean estimate of quality, weighted by packets.</summary>
internal struct WeightedScore
{
    private float _sum;
    private float _weight;

    /// <summary>1.0 to 4.5; null when nothing was measured.</summary>
    public readonly double? Mean => _weight == 0 ? null : _sum / _weight;

    public void Add(double score, int packets)
    {
        _sum += (float)(score * packets);
        _weight += packets;
    }
}
