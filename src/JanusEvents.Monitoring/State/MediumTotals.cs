namespace JanusEvents.Monitoring.State;

/// <summary>What was counted of a medium over its PeerConnection, and what its quality is estimated from.</summary>
internal struct MediumTotals
{
    public long Received, Sent, LostIn, LostInRaw, LostOut, BytesReceived, BytesSent, Nacks;
    public long JitterInSum, JitterInWeight, JitterOutSum, JitterOutWeight, RttSum;
    public int RttCount, RttMax, JitterInMax, Stops;
    private float _scoreIn, _weightIn, _scoreOut, _weightOut;

    /// <summary>The mean estimate of quality by direction, weighted by packets; null when nothing was measured.</summary>
    public readonly double? ScoreIn => _weightIn == 0 ? null : _scoreIn / _weightIn;

    public readonly double? ScoreOut => _weightOut == 0 ? null : _scoreOut / _weightOut;

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
        {
            _scoreIn += missing;
            _weightIn += missing;
        }

        if (period.Received > 0)
        {
            double loss = Math.Clamp((double)Math.Max(0, period.LostIn) / (period.Received + Math.Max(0, period.LostIn)), 0, 1);
            _scoreIn += (float)((kind == "audio" ? Quality.OfAudio(loss, jitterIn, rtt) : Quality.OfVideo(loss)) * period.Received);
            _weightIn += period.Received;
        }

        if (period.Sent > 0)
        {
            double loss = Math.Clamp((double)Math.Max(0, period.LostOut) / period.Sent, 0, 1);
            _scoreOut += (float)((kind == "audio" ? Quality.OfAudio(loss, jitterOut, rtt) : Quality.OfVideo(loss)) * period.Sent);
            _weightOut += period.Sent;
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
}
