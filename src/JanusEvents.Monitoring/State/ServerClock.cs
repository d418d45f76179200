namespace JanusEvents.Monitoring.State;

/// <summary>
/// The time on a server, in microseconds since 1970, as its events show it. Between events it runs on with the host's clock, but
/// not while events are late or missing: what did not arrive has not failed to happen. Two servers are never compared.
/// </summary>
internal sealed class ServerClock
{
    // Threads of Janus overtake each other by up to 5 ms, bodies by the time that it takes to store them.
    private const long Disorder = 10_000;
    private const long BodiesOnTheWay = 300_000;
    private const long MostLag = 2_000_000;

    // Events of one server come in order. Earlier ones than this are of a clock that was set back, or of another recording.
    private const long SetBack = 60_000_000;
    private const long MostLateness = 60_000_000;
    private const long LateFrom = 5_000_000;
    private const long LateFor = 10_000_000;
    private const long Minute = 60_000_000;

    private long _offset;
    private long _minuteFrom;
    private long _minuteLeast;
    private long _minuteMost;
    private int _minuteBodies;
    private long _leastBefore = long.MaxValue;
    private int _lateBodies;
    private bool _stands;
    private long _lateSince;

    /// <summary>The newest timestamp.</summary>
    public long Newest { get; private set; }

    public long Now { get; private set; }

    /// <summary>When events began again after there had been none though some were due. Absence counts from here on.</summary>
    public long ResumedAt { get; private set; }

    /// <summary>Whether nothing has come since the replay.</summary>
    public bool IsUnheard => _stands;

    /// <summary>When a body came last, by the host's clock.</summary>
    public long HeardAt { get; private set; }

    /// <summary>How late the last body was.</summary>
    public long Lag { get; private set; }

    /// <summary>Since when bodies have been late, by the server's clock; 0 when they are not, or not for long.</summary>
    public long LateSince => _lateBodies >= 3 && Newest - _lateSince >= LateFor ? _lateSince : 0;

    /// <summary>By how much this host's clock is ahead of the server's; null while they agree.</summary>
    public long? Skew { get; private set; }

    /// <summary>Notes a body.</summary>
    /// <param name="arrivedAt">When it arrived, by the host's clock.</param>
    /// <param name="now">The host's time.</param>
    /// <param name="newest">Its newest timestamp.</param>
    /// <returns>False when the clock was set back.</returns>
    public bool Body(long arrivedAt, long now, long newest)
    {
        bool goesOn = Newest == 0 || newest >= Newest - SetBack;
        if (!goesOn)
        {
            (Newest, Now, ResumedAt) = (newest, newest, newest);
            _leastBefore = long.MaxValue;
            _minuteBodies = 0;
        }

        HeardAt = now;
        if (_stands)
            (_stands, ResumedAt) = (false, newest);
        long late = arrivedAt - newest;
        _offset = Math.Max(now - newest, late);
        if (_minuteBodies == 0 || now - _minuteFrom >= Minute)
        {
            if (_minuteBodies > 0)
                _leastBefore = _minuteLeast;
            (_minuteFrom, _minuteLeast, _minuteMost, _minuteBodies) = (now, late, late, 0);
        }

        _minuteBodies++;
        _minuteLeast = Math.Min(_minuteLeast, late);
        _minuteMost = Math.Max(_minuteMost, late);
        long least = Math.Min(_minuteLeast, _leastBefore);

        // A difference that is the same for every body is one of the clocks; one that varies is lateness.
        bool isSkew = least is < -500_000 or > MostLateness || (least > 2_000_000 && _minuteBodies > 3 && _minuteMost - _minuteLeast < 200_000);
        Lag = late - (isSkew ? least : 0);
        if (Lag > LateFrom)
        {
            if (_lateBodies++ == 0)
                _lateSince = newest;
        }
        else if (Lag < MostLag)
        {
            _lateBodies = 0;
        }

        if (_minuteBodies > 3)
            Skew = isSkew ? least : null;
        return goesOn;
    }

    /// <summary>After a replay: absence counts from here on.</summary>
    public void GoLive(long now)
    {
        (HeardAt, ResumedAt) = (now, Newest);
        _minuteBodies = 0;
        _leastBefore = long.MaxValue;
        _stands = true;
    }

    /// <summary>Notes an event.</summary>
    /// <param name="at">Its timestamp.</param>
    /// <param name="due">How long the server may be silent, by what it sends.</param>
    /// <returns>Up to when timers may run.</returns>
    public long Event(long at, long due)
    {
        if (Newest != 0 && at - Newest > due)
            ResumedAt = at;
        if (at > Newest)
            Newest = at;
        if (at > Now)
            Now = at;
        return Newest - Disorder;
    }

    /// <summary>A body waits for the store: the server is heard, and its time stands.</summary>
    public void Wait(long now) => HeardAt = now;

    /// <summary>Lets time pass without an event.</summary>
    /// <param name="now">The host's time.</param>
    /// <param name="due">How long the server may be silent, by what it sends.</param>
    /// <returns>Up to when timers may run.</returns>
    public long Tick(long now, long due)
    {
        if (Newest == 0 || Lag > MostLag || _stands)
            return Now - Disorder;
        long at = Math.Min(now - _offset - BodiesOnTheWay, due == long.MaxValue ? long.MaxValue : Newest + due);
        if (at > Now)
            Now = at;
        return Now;
    }
}
