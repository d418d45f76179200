namespace JanusEvents.Monitoring.State;

/// <summary>
/// One medium of a PeerConnection, by its mid, with all its simulcast layers. It is judged by periods: what its counters did from
/// one round of statistics to the next.
/// </summary>
internal sealed class Medium(string? mid, string kind, long firstAt)
{
    private const int MaxLayers = 8;
    private const int MaxPeriods = 16;

    // Of a report that the next one takes back, or of a counter that wrapped.
    private const int MostLostBeyondSent = 5;

    private readonly MediumPeriod[] _periods = new MediumPeriod[MaxPeriods];
    private MediumLayer? _layer;
    private List<MediumLayer>? _moreLayers;
    private int _next;
    private byte _receivingLayers;
    private OpenPeriod _open;
    private ushort _lossyIn;
    private ushort _lossyOut;
    private int _lastJitterRemote;
    private int _usual;

    public string? Mid => mid;

    /// <summary>Audio, video, data, or another word of Janus.</summary>
    public string Kind => kind;

    public bool IsMedia => Kind is "audio" or "video";

    /// <summary>When it was first heard of.</summary>
    public long FirstAt => firstAt;

    /// <summary>Whether its packets arrive, by the events that say so.</summary>
    public bool IsReceiving => _receivingLayers != 0;

    /// <summary>When it was said for the first time that its packets arrive, or when the first were counted.</summary>
    public long FirstReceivedAt { get; set; }

    /// <summary>When it was said last that its packets no longer arrive; 0 while they do or never did.</summary>
    public long StoppedAt { get; set; }

    /// <summary>When packets were last counted that arrived, that left.</summary>
    public long ReceivedAt { get; private set; }

    public long SentAt { get; private set; }

    /// <summary>When arriving, or leaving, began again after a pause. What is reported soon after belongs to the pause.</summary>
    public long ReceivingAgainAt { get; private set; }

    public long SendingAgainAt { get; private set; }

    /// <summary>How many rounds of statistics it has had.</summary>
    public int Rounds { get; private set; }

    /// <summary>Bits of the last rounds with traffic, newest lowest: jitter over the limit that raises, over the one that ends; by side.</summary>
    public JitterBits JitterIn;

    public JitterBits JitterOut;

    /// <summary>All that was counted of it.</summary>
    public MediumTotals Totals;

    public bool HasOpenRound { get; private set; }

    public void SetReceiving(int layer, bool receiving, long at)
    {
        byte bit = (byte)(1 << Math.Clamp(layer, 0, 7));
        bool before = IsReceiving;
        _receivingLayers = receiving ? (byte)(_receivingLayers | bit) : (byte)(_receivingLayers & ~bit);
        if (receiving && layer == 0)
            _receivingLayers |= bit;
        if (IsReceiving)
        {
            if (FirstReceivedAt == 0)
                FirstReceivedAt = at;
            if (!before && StoppedAt != 0)
                ReceivingAgainAt = at;
            StoppedAt = 0;
        }
        else if (before || StoppedAt == 0)
        {
            StoppedAt = at;
            Totals.Stops++;
        }
    }

    /// <summary>Takes what was reported of it or of a layer.</summary>
    /// <returns>The layer, for its metrics; null when it has more than are followed.</returns>
    public MediumLayer? Add(MediaStatsEvent e)
    {
        MediumLayer? layer = LayerOf(e.Media);
        if (layer is null)
            return null;

        HasOpenRound = true;
        LayerCounters now = new(e);
        if (layer.HasCounters)
        {
            ref readonly LayerCounters last = ref layer.Last;
            long received = now.Received - last.Received, sent = now.Sent - last.Sent;
            if (received >= 0 && sent >= 0)
            {
                _open.Received += Small(received);
                _open.Sent += Small(sent);
                int lost = Small(now.Lost - last.Lost), lostOut = Small(now.LostByRemote - last.LostByRemote);
                _open.LostInRaw += Math.Max(0, lost);
                _open.LostIn += lost - Small(Math.Max(0, now.Retransmissions - last.Retransmissions));
                _open.LostOut += lostOut;
                Totals.BytesReceived += Math.Max(0, now.BytesReceived - last.BytesReceived);
                Totals.BytesSent += Math.Max(0, now.BytesSent - last.BytesSent);
                Totals.Nacks += Math.Max(0, now.Nacks - last.Nacks);
            }

            _open.ShowsLife |= IsMedia && (received > 0 || now.Rtt != last.Rtt || now.JitterRemote != last.JitterRemote
                || now.LostByRemote != last.LostByRemote || now.OutQuality != last.OutQuality || now.Nacks != last.Nacks);
        }
        else
        {
            _open.Received += Small(Math.Max(0, now.Received));
            _open.Sent += Small(Math.Max(0, now.Sent));
            _open.ShowsLife |= now.Received > 0;
        }

        _open.Rtt = Math.Max(_open.Rtt, now.Rtt);
        _open.JitterLocal = Math.Max(_open.JitterLocal, Small(e.JitterLocal ?? 0));
        _open.JitterRemote = Math.Max(_open.JitterRemote, now.JitterRemote);
        layer.Last = now;
        layer.HasCounters = true;
        return layer;
    }

    /// <summary>Closes the round of statistics that is open.</summary>
    /// <param name="at">When it was reported.</param>
    /// <param name="start">The first event of the PeerConnection.</param>
    /// <param name="pause">How long without packets is a pause, in microseconds.</param>
    /// <param name="limits">The limits of jitter, in milliseconds.</param>
    /// <param name="rtt">The round-trip time of the PeerConnection in milliseconds; 0 when unknown.</param>
    /// <param name="isLost">Whether all media of the PeerConnection are lost.</param>
    public MediumRound Close(long at, long start, long pause, JitterLimits limits, int rtt, bool isLost)
    {
        OpenPeriod period = _open;
        if (Math.Abs((long)period.LostOut) > (2L * period.Sent) + MostLostBeyondSent)
            period.LostOut = 0;

        if (period.Received > 0)
        {
            if (FirstReceivedAt == 0)
                FirstReceivedAt = at;
            if (ReceivedAt != 0 && at - ReceivedAt > pause)
                ReceivingAgainAt = at;
            ReceivedAt = at;
        }

        if (period.Sent > 0)
        {
            if (SentAt != 0 && at - SentAt > pause)
                SendingAgainAt = at;
            SentAt = at;
        }

        // Losses booked when packets resume happened in the pause.
        if (ReceivingAgainAt != 0 && at - ReceivingAgainAt < 3_000_000)
            period.LostIn = 0;
        Rounds++;
        _periods[_next] = period.At((int)Math.Clamp((at - start) / 1000, 0, int.MaxValue));
        _lossyIn = (ushort)((_lossyIn << 1) | (IsLossy(period.LostIn, period.Received + (long)period.LostIn) ? 1 : 0));
        _lossyOut = (ushort)((_lossyOut << 1) | (IsLossy(period.LostOut, period.Sent) ? 1 : 0));
        _next = (_next + 1) % MaxPeriods;
        bool isOn = period.Received + period.Sent > 0;
        if (Kind == "audio" && period.Received > 0)
            JitterIn.Add(period.JitterLocal, at, limits);

        // The peer reports every few seconds; what stays as it was is the report before.
        if (Kind == "audio" && period.Sent > 0 && period.JitterRemote != _lastJitterRemote)
            JitterOut.Add(period.JitterRemote, at, limits);
        _lastJitterRemote = period.JitterRemote;
        MediumRound round = new(isOn && period.Rtt is > 0 and <= 10_000 ? period.Rtt : 0, period.ShowsLife);
        if (IsMedia)
            Totals.Rate(Kind, period, period.JitterLocal, period.JitterRemote, period.Rtt > 0 ? period.Rtt : rtt, isLost && StoppedAt != 0 ? _usual : 0);
        if (period.Received > 0)
            _usual = period.Received;
        Totals.Add(period, period.LostInRaw, isOn ? period.Rtt : 0, period.Received > 0 ? period.JitterLocal : -1, period.Sent > 0 ? period.JitterRemote : -1);
        _open = default;
        HasOpenRound = false;
        return round;
    }

    /// <summary>Adds up the periods of a window.</summary>
    /// <param name="from">Where the window begins, in milliseconds since the first event of the PeerConnection; periods that end then are not in it.</param>
    /// <param name="isIn">Whether of what Janus receives; of what it sends otherwise.</param>
    public LossWindow Loss(int from, bool isIn)
    {
        LossWindow window = default;
        for (int i = 0; i < MaxPeriods; i++)
        {
            ref readonly MediumPeriod period = ref _periods[(_next + i) % MaxPeriods];
            if (period.At <= from)
                continue;
            int lost = isIn ? period.LostIn : period.LostOut;
            window.Packets += isIn ? period.PacketsIn : period.Sent;
            window.Lost += lost;

            if (IsLossy(lost, isIn ? period.Received + lost : period.Sent))
            {
                window.LossyPeriods++;
                (window.FirstLossAt, window.SecondLossAt, window.LastLossAt) = (window.SecondLossAt, window.LastLossAt, period.At);
            }
        }

        return window;
    }

    /// <summary>Adds up the packets of a window, of both directions.</summary>
    /// <param name="from">See <see cref="Loss"/>.</param>
    public LossCounts LossOfBoth(int from)
    {
        LossCounts counts = default;
        foreach (ref readonly MediumPeriod period in _periods.AsSpan())
        {
            if (period.At <= from)
                continue;
            counts.PacketsIn += period.PacketsIn;
            counts.LostIn += period.LostIn;
            counts.PacketsOut += period.Sent;
            counts.LostOut += period.LostOut;
        }

        return counts;
    }

    /// <summary>How many of the periods that are kept lost packets, so that a window has at most as many.</summary>
    public int LossyPeriods(bool isIn) => System.Numerics.BitOperations.PopCount(isIn ? _lossyIn : _lossyOut);

    // One packet in fifty is no loss to speak of.
    private static bool IsLossy(int lost, long packets) => lost > 0 && lost * 50L > packets;

    // Without simulcast there is one.
    private MediumLayer? LayerOf(string? media)
    {
        _layer ??= new MediumLayer(media);
        if (ReferenceEquals(_layer.Media, media) || string.Equals(_layer.Media, media, StringComparison.Ordinal))
            return _layer;
        _moreLayers ??= [];
        foreach (MediumLayer known in _moreLayers)
        {
            if (string.Equals(known.Media, media, StringComparison.Ordinal))
                return known;
        }

        if (_moreLayers.Count == MaxLayers)
            return null;
        MediumLayer layer = new(media);
        _moreLayers.Add(layer);
        return layer;
    }

    private static int Small(long value) => (int)Math.Clamp(value, int.MinValue / 16, int.MaxValue / 16);
}

/// <summary>The statistics of a medium in one round.</summary>
/// <param name="Rtt">The round-trip time in milliseconds, of a round with traffic; 0 when unknown.</param>
/// <param name="ShowsLife">Whether anything in it can only have come from the peer.</param>
internal readonly record struct MediumRound(int Rtt, bool ShowsLife);

/// <summary>The loss of a medium in one direction over some periods.</summary>
internal struct LossWindow
{
    public long Packets;
    public long Lost;
    public int LossyPeriods;

    /// <summary>When the last three of the lossy periods ended, in milliseconds since the first event of the PeerConnection; 0 where there is none.</summary>
    public int FirstLossAt, SecondLossAt, LastLossAt;

    /// <summary>The first of the last periods of loss.</summary>
    public readonly int BeganAt => FirstLossAt != 0 ? FirstLossAt : SecondLossAt != 0 ? SecondLossAt : LastLossAt;

    /// <summary>The share that was lost, 0 to 1.</summary>
    public readonly double Share => LossCounts.Share(Lost, Packets);
}

/// <summary>The packets of both directions over a window, and those of them that were lost.</summary>
internal struct LossCounts
{
    public long PacketsIn, LostIn, PacketsOut, LostOut;

    /// <summary>The share that was lost to Janus, 0 to 1.</summary>
    public readonly double ShareIn => Share(LostIn, PacketsIn);

    /// <summary>The share that was lost to the peer, 0 to 1.</summary>
    public readonly double ShareOut => Share(LostOut, PacketsOut);

    public static double Share(long lost, long packets) => packets <= 0 || lost <= 0 ? 0 : Math.Min(1, (double)lost / packets);

    /// <summary>Adds those of another medium. What its reports took back makes up for nothing here.</summary>
    public void Add(in LossCounts other)
    {
        PacketsIn += other.PacketsIn;
        LostIn += Math.Max(0, other.LostIn);
        PacketsOut += other.PacketsOut;
        LostOut += Math.Max(0, other.LostOut);
    }
}

/// <summary>The limits of audio's jitter in milliseconds.</summary>
internal readonly record struct JitterLimits(int Raise, int End);

/// <summary>Whether jitter was over its limits in the last rounds with traffic.</summary>
internal struct JitterBits
{
    private byte _raise;
    private byte _end;
    private byte _count;

    /// <summary>When the first of the last rounds over the limit was.</summary>
    public long FirstAt { get; private set; }

    public void Add(int jitter, long at, JitterLimits limits)
    {
        if (jitter > limits.Raise && (_raise & 0b1_1111) == 0)
            FirstAt = at;
        _raise = (byte)((_raise << 1) | (jitter > limits.Raise && jitter < 60_000 ? 1 : 0));
        _end = (byte)((_end << 1) | (jitter > limits.End && jitter < 60_000 ? 1 : 0));
        _count = (byte)Math.Min(8, _count + 1);
    }

    public readonly int Raised(int rounds) => System.Numerics.BitOperations.PopCount((uint)(_raise & ((1 << rounds) - 1)));

    public readonly int OverEnd(int rounds) => System.Numerics.BitOperations.PopCount((uint)(_end & ((1 << rounds) - 1)));

    public readonly int Rounds => _count;
}
