namespace JanusEvents.Monitoring.Notifications;

/// <summary>
/// Decides what one handler is notified of, and when: <c>NotifyAfter</c>, the least severity, the storm guard, retries. It waits
/// for nothing and calls nothing, so that it can be used under any lock; of bounded size.
/// </summary>
/// <remarks>Times are those since the process began to notify, which no change of the host's clock affects.</remarks>
internal sealed class NotificationPlan(NotificationRules rules, NotificationTexts texts, DateTimeOffset startedAt, Random? random = null)
{
    /// <summary>How many begins may wait; further ones are counted in the digest.</summary>
    public const int MaxWaiting = 1_000;

    /// <summary>How many troubles are followed for the handler; further ones are counted in the digest.</summary>
    public const int MaxFollowed = 10_000;

    /// <summary>After that time a notification helps nobody any more.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(1);

    // A digest waits for the rest of the storm, and one a minute is enough.
    private static readonly TimeSpan s_digestAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    // A trouble that begins again within a minute of its end is the same one; by the server's clock, and bodies may be late.
    private static readonly TimeSpan s_keepEnded = TimeSpan.FromMinutes(5);

    private static readonly Comparer<PlannedMessage> s_byDue = Comparer<PlannedMessage>.Create(
        (one, other) => one.Due!.Value.CompareTo(other.Due!.Value) is not 0 and int byTime ? byTime : one.Order.CompareTo(other.Order));

    private readonly Lock _gate = new();
    private readonly Random _random = random ?? Random.Shared;
    private readonly Dictionary<string, PlannedMessage> _troubles = new(StringComparer.Ordinal);
    private readonly SortedSet<PlannedMessage> _due = new(s_byDue);
    private readonly Queue<PlannedMessage> _ended = new();
    private readonly Queue<TimeSpan> _begins = new();
    private readonly Queue<TimeSpan> _serverBegins = new();
    private readonly Dictionary<string, string> _openServerTroubles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _serverEnded = new(StringComparer.Ordinal);
    private readonly DigestCounts _digest = new();
    private TimeSpan? _digestDue;
    private TimeSpan _lastDigest = -s_minute;
    private TimeSpan _pausedUntil;
    private long _order;
    private int _waiting;
    private long _dropped;
    private bool _closed;

    /// <summary>How many notifications were given up so far.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
                return _dropped;
        }
    }

    /// <summary>Takes note of a change of a trouble.</summary>
    /// <param name="trouble">The trouble as it is.</param>
    /// <param name="now">The time since the process began to notify.</param>
    /// <param name="utcNow">The host's clock.</param>
    public void Note(Trouble trouble, TimeSpan now, DateTimeOffset utcNow)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (trouble.Severity == TroubleSeverity.Critical && IsOfServer(trouble))
                NoteServer(trouble, now);
            if (trouble.Severity < rules.MinSeverity || trouble.Severity == TroubleSeverity.Info)
                return;

            if (_troubles.TryGetValue(trouble.Id, out PlannedMessage? known))
                Update(known, trouble, now);
            else if (trouble.Ended is null || IsMomentary(trouble))
                Begin(trouble, now, utcNow);
            else if (trouble.Began < startedAt && trouble.Ended - trouble.Began >= DelayOf(trouble))
                EndOfBefore(trouble, now);
        }
    }

    /// <summary>Takes note of a trouble that was open before this process began: the handler knows of it.</summary>
    public void Resume(Trouble trouble, TimeSpan now, DateTimeOffset utcNow)
    {
        lock (_gate)
        {
            if (_closed || trouble.Ended is not null)
                return;
            if (trouble.Severity == TroubleSeverity.Critical && IsOfServer(trouble))
                NoteServer(trouble, now);
            if (trouble.Severity < rules.MinSeverity || trouble.Severity == TroubleSeverity.Info || _troubles.Count >= MaxFollowed)
                return;
            if (utcNow - trouble.Began < DelayOf(trouble))
            {
                Begin(trouble, now, utcNow);
                return;
            }

            PlannedMessage planned = new(_order++) { Trouble = trouble, Sequence = 1 };
            planned.Taken = texts.Of(trouble, TroubleNotificationType.Began, planned.Sequence, null, utcNow);
            _troubles.TryAdd(trouble.Id, planned);
        }
    }

    /// <summary>The next message that is due, with what it belongs to; null when none is. It is to be answered with
    /// <see cref="Succeeded"/> or <see cref="Failed"/> before the next one is taken.</summary>
    public PlannedMessage? Take(TimeSpan now, DateTimeOffset utcNow)
    {
        lock (_gate)
        {
            Forget(now);
            while (!_closed && now >= _pausedUntil && _due.Min is { } planned && planned.Due <= now)
            {
                bool waited = planned.IsWaitingBegin;
                Schedule(planned, null);
                if (planned.Next() is not { } type)
                {
                    planned.Message = null;
                    planned.Failures = 0;
                    Retire(planned, now);
                    continue;
                }

                if (now - planned.DueSince > StaleAfter)
                {
                    GiveUp(planned, now);
                    continue;
                }

                if (planned.Trouble is not { } trouble)
                    return planned;
                if (planned.Message is null && !planned.IsOpenToHandler)
                {
                    if (GoesToDigest(trouble, waited, now))
                    {
                        Count(trouble, now, utcNow);
                        Drop(planned);
                        continue;
                    }

                    (IsOfServer(trouble) ? _serverBegins : _begins).Enqueue(now);
                }

                if (planned.Message is null || planned.Message.Type != type || !ReferenceEquals(planned.Message.Trouble, trouble))
                {
                    planned.Failures = 0;
                    planned.Message = texts.Of(trouble, type, ++planned.Sequence, planned.Taken?.Trouble, utcNow);
                }

                return planned;
            }

            if (!_closed && now >= _pausedUntil && _digestDue <= now)
            {
                _digestDue = null;
                _lastDigest = now;
                return new PlannedMessage(_order++) { Message = texts.Of(_digest.Take()), DueSince = now, Sequence = 1 };
            }

            return null;
        }
    }

    /// <summary>When something will be due; null when nothing is planned.</summary>
    public TimeSpan? NextDue()
    {
        lock (_gate)
        {
            TimeSpan? next = _due.Min?.Due;
            if (_digestDue is { } digest && !(next <= digest))
                next = digest;
            return _closed ? null : next < _pausedUntil ? _pausedUntil : next;
        }
    }

    /// <summary>The handler took the message.</summary>
    public void Succeeded(PlannedMessage planned, TimeSpan now)
    {
        lock (_gate)
        {
            planned.Taken = planned.Message;
            planned.Message = null;
            planned.Failures = 0;
            if (planned.Trouble is null || _closed)
                return;
            if (planned.Next() is not null)
                Plan(planned, now, now);
            else
                Retire(planned, now);
        }
    }

    /// <summary>The handler did not take the message.</summary>
    /// <param name="planned">The message.</param>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">How long the receiver wants to be spared; null when it did not say.</param>
    /// <returns>The wait before the next attempt; null when there is none.</returns>
    public TimeSpan? Failed(PlannedMessage planned, TimeSpan now, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            if (_closed)
                return null;
            TimeSpan? wait = RetrySchedule.After(++planned.Failures, _random);
            if (retryAfter is { } pause)
            {
                pause = pause < StaleAfter ? pause : StaleAfter;
                _pausedUntil = now + pause > _pausedUntil ? now + pause : _pausedUntil;
                wait = wait < pause ? pause : wait;
            }

            if (wait is null)
                GiveUp(planned, now);
            else
                Schedule(planned, now + wait);
            return wait;
        }
    }

    /// <summary>Notifies of nothing any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _troubles.Clear();
            _due.Clear();
            _ended.Clear();
            _digestDue = null;
        }
    }

    /// <summary>The last message about each trouble that the handler believes to be open, or that ended in the last minutes.</summary>
    public IReadOnlyList<TroubleNotification> Current()
    {
        lock (_gate)
            return [.. _troubles.Values.Select(planned => planned.Taken).OfType<TroubleNotification>()];
    }

    private static bool IsOfServer(Trouble trouble) => trouble.Subject.Session is null;

    private static bool IsMomentary(Trouble trouble) => trouble.Ended is { } ended && ended <= trouble.Confirmed;

    private static string ServerOf(Trouble trouble) => trouble.Subject.Emitter ?? "";

    private TimeSpan DelayOf(Trouble trouble) => IsOfServer(trouble) ? rules.NotifyServersAfter : rules.NotifyAfter;

    private void Begin(Trouble trouble, TimeSpan now, DateTimeOffset utcNow)
    {
        if (_waiting >= MaxWaiting || _troubles.Count >= MaxFollowed)
        {
            Count(trouble, now, utcNow);
            return;
        }

        PlannedMessage planned = new(_order++) { Trouble = trouble };
        _troubles.Add(trouble.Id, planned);
        Plan(planned, now + DelayOf(trouble), now);
    }

    // It began before this process did, and the handler may know of it from the process before.
    private void EndOfBefore(Trouble trouble, TimeSpan now)
    {
        if (_troubles.Count >= MaxFollowed)
            return;
        PlannedMessage planned = new(_order++) { Trouble = trouble, Sequence = 1 };
        _troubles.Add(trouble.Id, planned);
        Plan(planned, now, now);
    }

    private void Update(PlannedMessage planned, Trouble trouble, TimeSpan now)
    {
        planned.Trouble = trouble;

        // Messages that failed, or are being sent, are looked at again anyway.
        if (planned.Message is not null)
            return;

        bool isBlip = trouble is { Ended: not null, EndedBy: TroubleEnd.Recovered } && !IsMomentary(trouble);
        if (isBlip && !planned.IsOpenToHandler && planned.Due is not null)
        {
            // Began, or began again, and recovered before that was notified.
            if (planned.Taken is null)
            {
                Drop(planned);
                return;
            }

            Schedule(planned, null);
            planned.Taken = planned.Taken with { Trouble = trouble };
            Retire(planned, now);
            return;
        }

        if (planned.Next() is null)
            Schedule(planned, null);
        else if (planned.IsOpenToHandler)
            Plan(planned, now, now);
        else if (planned.Due is null)
            Plan(planned, now + DelayOf(trouble), now);
    }

    private void NoteServer(Trouble trouble, TimeSpan now)
    {
        if (trouble.Ended is null)
        {
            if (_openServerTroubles.Count < MaxFollowed)
                _openServerTroubles[trouble.Id] = ServerOf(trouble);
            return;
        }

        _openServerTroubles.Remove(trouble.Id);
        if (_serverEnded.Count < MaxFollowed || _serverEnded.ContainsKey(ServerOf(trouble)))
            _serverEnded[ServerOf(trouble)] = now;
    }

    // The calls of a server that is in trouble, or was a minute ago, have none of their own. A server's trouble is digested only
    // when very many servers have one.
    private bool GoesToDigest(Trouble trouble, bool waited, TimeSpan now)
    {
        Queue<TimeSpan> begins = IsOfServer(trouble) ? _serverBegins : _begins;
        while (begins.TryPeek(out TimeSpan at) && now - at >= s_minute)
            begins.Dequeue();
        if (IsOfServer(trouble))
            return begins.Count >= rules.MaxBeginsPerMinute;

        bool serverInTrouble = _openServerTroubles.ContainsValue(ServerOf(trouble))
            || (_serverEnded.TryGetValue(ServerOf(trouble), out TimeSpan ended) && now - ended < s_minute);
        return serverInTrouble || _begins.Count + _waiting + (waited ? 1 : 0) > rules.MaxBeginsPerMinute;
    }

    private void Count(Trouble trouble, TimeSpan now, DateTimeOffset utcNow)
    {
        // More than the limit need not be remembered.
        if (!IsOfServer(trouble))
        {
            if (_begins.Count > rules.MaxBeginsPerMinute)
                _begins.Dequeue();
            _begins.Enqueue(now);
        }

        _digest.Add(trouble, utcNow);
        TimeSpan next = _lastDigest + s_minute;
        _digestDue ??= now + s_digestAfter > next ? now + s_digestAfter : next;
    }

    private void Plan(PlannedMessage planned, TimeSpan due, TimeSpan now)
    {
        planned.DueSince = due > now ? due : now;
        Schedule(planned, due);
    }

    private void Schedule(PlannedMessage planned, TimeSpan? due)
    {
        if (planned.Due is not null)
            _due.Remove(planned);
        if (planned.IsWaitingBegin)
            _waiting--;
        planned.Due = due;
        planned.IsWaitingBegin = due is not null && planned is { Trouble: not null, Sequence: 0 };
        if (planned.IsWaitingBegin)
            _waiting++;
        if (due is not null)
            _due.Add(planned);
    }

    private void GiveUp(PlannedMessage planned, TimeSpan now)
    {
        _dropped++;
        planned.Failures = 0;

        // The handler does not know a message that it did not take; but it is not asked again.
        if (planned.IsOver && planned.Message is not null)
            planned.Taken = planned.Message with { Type = TroubleNotificationType.Ended, Trouble = planned.Trouble };
        planned.Message = null;
        Retire(planned, now);
    }

    private void Drop(PlannedMessage planned)
    {
        Schedule(planned, null);
        _troubles.Remove(planned.Trouble!.Id);
    }

    private void Retire(PlannedMessage planned, TimeSpan now)
    {
        if (planned.Trouble is null || !planned.IsOver)
            return;
        planned.TakenEndAt = now;
        _ended.Enqueue(planned);
    }

    private void Forget(TimeSpan now)
    {
        while (_ended.TryPeek(out PlannedMessage? planned) && now - planned.TakenEndAt >= s_keepEnded)
        {
            _ended.Dequeue();
            if (planned is { IsOver: true, Due: null, Message: null } && now - planned.TakenEndAt >= s_keepEnded)
                _troubles.Remove(planned.Trouble!.Id);
        }

        if (_serverEnded.Count > 0)
        {
            foreach ((string server, TimeSpan ended) in _serverEnded)
            {
                if (now - ended >= s_minute)
                    _serverEnded.Remove(server);
            }
        }
    }
}
