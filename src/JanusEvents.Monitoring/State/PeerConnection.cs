namespace JanusEvents.Monitoring.State;

/// <summary>
/// A PeerConnection, from its first event to its end. Times are microseconds since 1970 by the server's clock; 0 is not yet.
/// </summary>
internal sealed class PeerConnection(MonitoredHandle handle, int number, long firstAt)
{
    private const int MaxMedia = 64;

    // The first statistics of a period tell how often they come.
    private const long LongestPeriod = 120_000_000;

    // A few seconds alone are no minute to judge a call by.
    private const long Minute = 60_000_000;
    private const long LeastOfMinute = 20_000_000;

    // How long nothing arrives until the time counts as lost.
    private const long LostAfter = 2_000_000;

    private long _minuteFrom;
    private float _worstMinute;

    public MonitoredHandle Handle { get; private set; } = handle;

    public int Number => number;

    public long FirstAt => firstAt;

    public long LastAt { get; set; }

    public long OfferedAt { get; set; }

    public bool OfferedByJanus { get; set; }

    public long AnsweredAt { get; set; }

    public long GatheringAt { get; set; }

    public long RemoteCandidateAt { get; set; }

    public long ConnectingAt { get; set; }

    public long IceConnectedAt { get; set; }

    public long IceFailedAt { get; set; }

    public long PairAt { get; set; }

    public long DtlsTryingAt { get; set; }

    public int DtlsRetransmissions { get; set; }

    public long DtlsConnectedAt { get; set; }

    public long DtlsFailedAt { get; set; }

    public long UpAt { get; set; }

    /// <summary>Whether its beginning was not seen.</summary>
    public bool IsPartial { get; set; }

    public long FirstMediaAt { get; set; }

    public int IceRestarts { get; set; }

    public int PairChanges { get; set; }

    /// <summary>When the path changed, or ICE was restarted, the last three times.</summary>
    public TimesOfThree PairChangedAt;

    public TimesOfThree IceRestartedAt;

    public TimesOfThree SlowLinkAt;

    public string? LocalType { get; set; }

    public string? RemoteType { get; set; }

    public string? Protocol { get; set; }

    public SdpMedium[] LocalSdp { get; set; } = [];

    public SdpMedium[] RemoteSdp { get; set; } = [];

    public List<Medium> Media { get; } = new(2);

    /// <summary>How often statistics come, in microseconds; a second until it is known.</summary>
    public long Period { get; private set; } = 1_000_000;

    public int Rounds { get; private set; }

    public long RoundAt { get; private set; }

    public bool HasOpenRound { get; private set; }

    /// <summary>When a round of statistics showed last that the peer lives, after media had stopped.</summary>
    public long LifeAt { get; set; }

    /// <summary>When there was last a reason that nothing is sent.</summary>
    public long ExcusedAt { get; set; }

    /// <summary>Bits of the last rounds with traffic, newest lowest: the round-trip time over the limit that raises, over the one that ends.</summary>
    public byte RttRaised { get; private set; }

    public byte RttOverEnd { get; private set; }

    public int RttRounds { get; private set; }

    public long RttFirstAt { get; private set; }

    public int Rtt { get; private set; }

    /// <summary>When it ended; 0 while it has not.</summary>
    public long EndedAt { get; set; }

    /// <summary>The event that ended it: hangup, detached, destroyed, timeout, transport, shutdown, restart, forgotten.</summary>
    public string? EndEvent { get; set; }

    /// <summary>The reason that Janus gave.</summary>
    public string? Reason { get; set; }

    /// <summary>Whether its end was judged, so that nothing changes any more.</summary>
    public bool IsFinished { get; set; }

    public bool IsUp => UpAt != 0 && EndedAt == 0;

    /// <summary>When it is to be judged again though nothing happens; 0 for never.</summary>
    public long CheckAt { get; set; }

    /// <summary>Its troubles that are open, and those that ended within the last minute.</summary>
    public List<OpenTrouble>? Troubles { get; set; }

    /// <summary>The codes of all troubles that it had.</summary>
    public List<string>? TroubleCodes { get; set; }

    /// <summary>When set-up was complete on the side of the peers: the later SDP, or the first candidate.</summary>
    public long SetupFrom => Math.Max(Math.Max(OfferedAt, AnsweredAt), RemoteCandidateAt);

    /// <summary>Goes on as the PeerConnection of another handle object, of which only the last part was seen.</summary>
    public void Adopt(PeerConnection partial, MonitoredHandle live)
    {
        Handle = live;
        EndEvent = null;
        LastAt = Math.Max(LastAt, partial.LastAt);
        LifeAt = Math.Max(LifeAt, partial.LifeAt);
        (HasOpenRound, CheckAt) = (false, 0);
        if (UpAt == 0)
            UpAt = partial.UpAt;
    }

    /// <summary>When the set-up began that <see cref="UpAt"/> ended: a renegotiation later does not count.</summary>
    public long UpFrom { get; set; }

    /// <summary>How long the set-up took in milliseconds; null while it is not up, and when its beginning is not known.</summary>
    public long? SetupMs => UpAt == 0 || UpFrom == 0 || UpFrom > UpAt ? null : (UpAt - UpFrom + 500) / 1000;

    public Medium? Medium(string? mid, string? media, long at)
    {
        string kind = KindOf(media);
        foreach (Medium known in Media)
        {
            if ((ReferenceEquals(known.Mid, mid) || string.Equals(known.Mid, mid, StringComparison.Ordinal)) && (mid is not null || known.Kind == kind))
                return known;
        }

        if (Media.Count == MaxMedia)
            return null;
        Medium medium = new(mid, kind, at);
        Media.Add(medium);
        return medium;
    }

    /// <summary>Begins a round of statistics, or takes the event as one more of the round that is open.</summary>
    /// <returns>Whether it began one.</returns>
    public bool BeginRound(long at)
    {
        if (HasOpenRound)
            return false;
        if (RoundAt != 0 && at - RoundAt is > 200_000 and < LongestPeriod and long gap)
            Period = Rounds <= 1 || gap < Period ? gap : Period + ((gap - Period) / 4);
        HasOpenRound = true;
        RoundAt = at;
        return true;
    }

    public void CloseRound(JitterLimits jitter, int rttRaise, int rttEnd)
    {
        HasOpenRound = false;
        Rounds++;
        int rtt = 0;
        bool life = false;
        bool isLost = IsLost();
        foreach (Medium medium in Media)
        {
            if (!medium.HasOpenRound)
                continue;
            MediumRound round = medium.Close(RoundAt, firstAt, (Period * 3 / 2) + 500_000, jitter, Rtt, isLost);
            rtt = Math.Max(rtt, round.Rtt);
            life |= round.ShowsLife;
            if (medium.IsMedia && FirstMediaAt == 0 && medium.FirstReceivedAt != 0)
                FirstMediaAt = medium.FirstReceivedAt;
        }

        if (life)
            LifeAt = RoundAt;
        if (RoundAt - Math.Max(_minuteFrom, firstAt) >= Minute)
            EndMinute();
        if (rtt == 0)
            return;
        // A value that stays as it was may be of a report that came long ago.
        bool isRaised = rtt > rttRaise && rtt != Rtt;
        Rtt = rtt;
        RttRaised = (byte)((RttRaised << 1) | (isRaised ? 1 : 0));
        RttOverEnd = (byte)((RttOverEnd << 1) | (rtt > rttEnd ? 1 : 0));
        RttRounds++;
        if (isRaised && (RttRaised & 0b1_1110) == 0)
            RttFirstAt = RoundAt;
    }

    /// <summary>The estimated quality of all its media, 1.0 to 4.5; null when nothing was measured.</summary>
    public double? QualityOfAll() => QualityOf(static medium => medium.Totals.All);

    /// <summary>The same of its worst minute, at most that of all.</summary>
    public double? QualityOfWorstMinute()
    {
        double? worst = QualityOfAll();
        if (_worstMinute != 0 && _worstMinute < worst)
            worst = _worstMinute;
        double? last = RoundAt - Math.Max(_minuteFrom, firstAt) >= LeastOfMinute ? QualityOf(static medium => medium.Totals.Minute) : null;
        return last < worst ? last : worst;
    }

    // By the events alone, so that every host and a rebuild rate a call alike: when the trouble is found depends on the clock too.
    private bool IsLost()
    {
        long last = 0;
        foreach (Medium medium in Media)
        {
            if (!medium.IsMedia || medium.FirstReceivedAt == 0)
                continue;
            if (medium.StoppedAt == 0)
                return false;
            if (RemoteSends(medium) != false)
                last = Math.Max(last, medium.StoppedAt);
        }

        return last != 0 && Handle.LeftAt == 0 && RoundAt - last >= LostAfter && LifeAt <= last + Period;
    }

    private void EndMinute()
    {
        if (QualityOf(static medium => medium.Totals.Minute) is { } quality && (_worstMinute == 0 || quality < _worstMinute))
            _worstMinute = (float)quality;
        foreach (Medium medium in Media)
            medium.Totals.Minute = default;
        _minuteFrom = RoundAt;
    }

    private double? QualityOf(Func<Medium, MediumScores> scoresOf)
    {
        List<double> scores = [.. Media.Select(scoresOf).SelectMany(s => new[] { s.In.Mean, s.Out.Mean }).OfType<double>()];
        return scores.Count == 0 ? null : Quality.Of(scores);
    }

    /// <summary>Whether the peer's SDP says that it sends this medium; null when there is no SDP.</summary>
    public bool? RemoteSends(Medium medium) => Of(RemoteSdp, medium)?.Sends;

    public bool? LocalReceives(Medium medium) => Of(LocalSdp, medium)?.Receives;

    public bool? LocalSends(Medium medium) => Of(LocalSdp, medium)?.Sends;

    public bool? RemoteReceives(Medium medium) => Of(RemoteSdp, medium)?.Receives;

    public static string KindOf(string? media) => media switch
    {
        "audio" => "audio",
        "data" => "data",
        null => "unknown",
        _ => media.StartsWith("video", StringComparison.Ordinal) ? "video" : media,
    };

    private static SdpMedium? Of(SdpMedium[] sdp, Medium medium)
    {
        foreach (SdpMedium one in sdp)
        {
            if (medium.Mid is null || one.Mid is null ? one.Kind == medium.Kind : one.Mid == medium.Mid)
                return one;
        }

        return sdp.Length == 0 ? null : new SdpMedium(medium.Kind, medium.Mid, false, false);
    }
}

/// <summary>The last three times of something that happens.</summary>
internal struct TimesOfThree
{
    private long _first;
    private long _second;

    public long Last { get; private set; }

    public void Add(long at) => (_first, _second, Last) = (_second, Last, at);

    /// <summary>Whether three times lie within a span, and the first of them.</summary>
    public readonly bool Within(long span, out long first)
    {
        first = _first;
        return _first != 0 && Last - _first <= span;
    }
}
