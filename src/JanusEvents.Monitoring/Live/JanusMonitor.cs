using System.Runtime.CompilerServices;
using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.Records;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Observation;

namespace JanusEvents.Monitoring.Live;

/// <summary>Makes snapshots of the state: at most one a second of what is asked for, and none while nobody asks.</summary>
internal sealed class JanusMonitor(
    MonitoredServers servers,
    LiveTroubles troubles,
    LiveEnds ends,
    ServerMoments moments,
    Intake intake,
    TimeProvider time) : IJanusMonitor
{
    private const int MostCalls = 10_000;
    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_asked = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<MonitorParts, DateTimeOffset> _asked = [];
    private MonitorSnapshot? _last;
    private MonitorParts _parts;
    private long _urgentTaken;
    private DateTimeOffset _countedAt;
    private Dictionary<string, long> _events = new(StringComparer.Ordinal);
    private Dictionary<string, double> _rates = new(StringComparer.Ordinal);
    private DateTimeOffset? _quietSince = time.GetUtcNow();

    public MonitorSnapshot Read(MonitorParts parts = MonitorParts.All)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            _asked[parts] = now;
            if (_last is null || now - _last.TakenAt >= s_age || now < _last.TakenAt || troubles.Urgent != _urgentTaken || (parts & ~_parts) != 0)
            {
                _urgentTaken = troubles.Urgent;

                // With what others ask for, too: each would take one of its own otherwise.
                _parts = _asked.Where(asked => now - asked.Value <= s_asked).Aggregate(MonitorParts.None, static (all, asked) => all | asked.Key);
                _last = Take(_parts, now, (_last?.Sequence ?? 0) + 1);
            }

            return _last;
        }
    }

    public CallDetail? FindCall(CallKey key) => servers.Read(all =>
    {
        foreach (MonitoredServer server in all)
        {
            if (server.Emitter == key.Emitter && server.FindHandle(key.Session, key.Handle)?.PeerConnection is { EndedAt: 0 } pc && (key.Number == 0 || key.Number == pc.Number))
                return new CallDetail(StateOf(server, pc), CallRecords.Open(server.Emitter, pc));
        }

        return null;
    });

    public async IAsyncEnumerable<MonitorSnapshot> WatchAsync(MonitorParts parts = MonitorParts.All, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long sequence = 0;
        while (true)
        {
            Task urgent = troubles.NextUrgent;
            MonitorSnapshot snapshot = Read(parts);
            if (snapshot.Sequence != sequence)
            {
                sequence = snapshot.Sequence;
                yield return snapshot;
            }

            await Task.WhenAny(Task.Delay(s_age, time, cancellationToken), urgent).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async IAsyncEnumerable<CallDetail> WatchCallAsync(CallKey key, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (FindCall(key) is { } call)
        {
            yield return call;
            await Task.Delay(s_age, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private MonitorSnapshot Take(MonitorParts parts, DateTimeOffset now, long sequence)
    {
        Dictionary<string, double> rates = Rates(now);
        IReadOnlyList<EndedCall> ended = ends.Read();
        ILookup<string?, EndedCall> endedOf = ended.ToLookup(call => call.Key.Emitter, StringComparer.Ordinal);
        Taken taken = servers.Read(all =>
        {
            Taken of = new(parts);
            foreach (MonitoredServer server in all)
                Add(server, of);
            return of;
        });
        foreach ((ServerState state, List<long> setups, int up) in taken.Servers)
            taken.States.Add(Complete(state, setups, up, [.. endedOf[state.Emitter]], rates));

        taken.Troubles.Sort(static (one, other) => (other.Severity, other.Began).CompareTo((one.Severity, one.Began)));
        if (taken.Troubles.Count > 0)
            _quietSince = null;
        else
            _quietSince ??= now;
        IReadOnlyList<ServerState> states = [.. taken.States.OrderBy(s => s.Emitter, StringComparer.Ordinal)];
        return new MonitorSnapshot
        {
            TakenAt = now,
            Sequence = sequence,
            Servers = states,
            Calls = [.. taken.Calls.OrderByDescending(c => c.Severity ?? (TroubleSeverity)(-1)).ThenByDescending(c => c.Began).Take(MostCalls)],
            Rooms = taken.Rooms,
            Troubles = taken.Troubles,
            RecentTroubles = troubles.Recent,
            News = NewsOf(taken.News, ended),
            QuietSince = _quietSince,
            Totals = new MonitorTotals(
                states.Count,
                states.Sum(s => s.Sessions),
                states.Sum(s => s.Handles),
                states.Sum(s => s.PeerConnections),
                states.Sum(s => s.Rooms),
                taken.Troubles.Count),
        };
    }

    private static void Add(MonitoredServer server, Taken taken)
    {
        taken.Troubles.AddRange(server.Troubles.Where(t => t.IsOpen).Select(TroubleBook.ToTrouble));
        List<long> setups = [];
        int up = 0;
        long hourAgo = server.Clock.Newest - (s_hour.Ticks / TimeSpan.TicksPerMicrosecond);
        ServerTraffic traffic = default;
        Dictionary<(string Plugin, string Room), List<SubscriptionState>> subscriptions = [];
        foreach (MonitoredSession session in server.OpenSessions)
        {
            foreach (MonitoredHandle handle in session.Handles)
            {
                if (taken.Has(MonitorParts.Rooms) && handle is { Feeds.Count: > 0, Plugin: not null, Room: not null })
                {
                    if (!subscriptions.TryGetValue((handle.Plugin, handle.Room), out List<SubscriptionState>? of))
                        subscriptions.Add((handle.Plugin, handle.Room), of = []);
                    of.Add(new SubscriptionState(SubscriberOf(handle), session.Id, handle.Id, handle.OpaqueId, [.. handle.Feeds], handle.IsPaused));
                }

                if (handle.PeerConnection is not { EndedAt: 0 } pc)
                    continue;
                traffic.Add(pc);
                if (pc.Troubles is not null)
                    taken.Troubles.AddRange(pc.Troubles.Where(t => t.IsOpen).Select(TroubleBook.ToTrouble));
                if (pc.UpAt >= hourAgo && pc.UpAt != 0 && !pc.IsPartial)
                {
                    up++;
                    if (pc.SetupMs is { } setup)
                        setups.Add(setup);
                }

                if (pc.UpAt != 0 && taken.News.Takes(TroubleBook.Time(pc.UpAt)))
                    taken.News.Add(UpOf(server, pc));
                if (taken.Has(MonitorParts.Calls) && (taken.Calls.Count < MostCalls || pc.Troubles?.Exists(t => t.IsOpen) == true))
                    taken.Calls.Add(StateOf(server, pc));
            }
        }

        foreach (Room room in server.Rooms)
        {
            foreach (Participant participant in room.Participants.Values)
            {
                if (taken.News.Takes(TroubleBook.Time(participant.JoinedAt)))
                    taken.News.Add(JoinedOf(server, room, participant));
            }

            if (taken.Has(MonitorParts.Rooms))
                taken.Rooms.Add(StateOf(server, room, subscriptions.GetValueOrDefault((room.Plugin, room.Id))));
        }

        taken.Servers.Add((StateOf(server, traffic), setups, up));
        if (server.Description.StartedAt is { } started)
            taken.News.Add(new MonitorNews(started, MonitorNewsKind.Started, server.Emitter));
        if (server.Description.StoppedAt is { } stopped)
            taken.News.Add(new MonitorNews(stopped, MonitorNewsKind.Stopped, server.Emitter));
    }

    private ServerState Complete(ServerState state, List<long> setups, int up, EndedCall[] ended, Dictionary<string, double> rates)
    {
        DateTimeOffset hourAgo = (state.NewestEvent ?? time.GetUtcNow()) - s_hour;
        EndedCall[] ofHour = [.. ended.Where(call => call.Ended >= hourAgo)];
        EndedCall[] cameUp = [.. ofHour.Where(call => call.Up >= hourAgo)];
        setups.AddRange(cameUp.Where(call => call.SetupMs is not null).Select(call => call.SetupMs!.Value));
        setups.Sort();
        return state with
        {
            EventsPerSecond = rates.GetValueOrDefault(Intake.NameOf(state.Emitter)),
            Setups = new SetupFigures(up + cameUp.Length, ofHour.Count(call => call.Outcome == "failed"), Percentile(setups, 50), Percentile(setups, 95)),
            Outcomes = [.. ofHour.GroupBy(call => (call.Outcome, call.Reason))
                .Select(group => new OutcomeCount(group.Key.Outcome, group.Key.Reason, group.Count())).OrderByDescending(count => count.Count).Take(20)],
            History = moments.Read(state.Emitter),
        };
    }

    private static long? Percentile(List<long> sorted, int percent) =>
        sorted.Count == 0 ? null : sorted[Math.Max(0, ((sorted.Count * percent) + 99) / 100 - 1)];

    private static IReadOnlyList<MonitorNews> NewsOf(LatestNews news, IReadOnlyList<EndedCall> ended)
    {
        foreach (EndedCall call in ended.Take(LatestNews.Most))
        {
            news.Add(new MonitorNews(call.Ended, MonitorNewsKind.Ended, call.Key.Emitter)
            {
                Call = call.Key,
                Plugin = call.Plugin,
                Room = call.Room,
                Display = call.Display,
                Outcome = call.Outcome,
                Reason = call.Reason,
            });
        }

        return news.Read();
    }

    private static MonitorNews UpOf(MonitoredServer server, PeerConnection pc) => new(TroubleBook.Time(pc.UpAt), MonitorNewsKind.Up, server.Emitter)
    {
        Call = new CallKey(server.Emitter, pc.Handle.Session.Id, pc.Handle.Id, pc.Number),
        Plugin = pc.Handle.Plugin,
        Room = pc.Handle.Room,
        Display = pc.Handle.Display ?? pc.Handle.Participant,
    };

    private static MonitorNews JoinedOf(MonitoredServer server, Room room, Participant participant) => new(TroubleBook.Time(participant.JoinedAt), MonitorNewsKind.Joined, server.Emitter)
    {
        Plugin = room.Plugin,
        Room = room.Id,
        Display = participant.Display ?? participant.Id,
        Call = participant.Handle is { } handle ? new CallKey(server.Emitter, handle.Session.Id, handle.Id, 0) : null,
    };

    private Dictionary<string, double> Rates(DateTimeOffset now)
    {
        // Of two snapshots right after one another the second says nothing new.
        double seconds = (now - _countedAt).TotalSeconds;
        if (seconds is >= 0 and < 0.5)
            return _rates;
        Dictionary<string, double> rates = new(StringComparer.Ordinal);
        Dictionary<string, long> events = new(StringComparer.Ordinal);
        foreach (EmitterIntake emitter in intake.ReadEmitters())
        {
            string name = Intake.NameOf(emitter.Emitter);
            events[name] = emitter.Events;
            if (seconds > 0 && _events.TryGetValue(name, out long before))
                rates[name] = Math.Max(0, emitter.Events - before) / seconds;
        }

        (_countedAt, _events, _rates) = (now, events, rates);
        return rates;
    }

    private static string? SubscriberOf(MonitoredHandle handle) =>
        handle.Participant ?? handle.Session.Handles.Find(other => other.Participant is not null && other.Room == handle.Room && other.Plugin == handle.Plugin)?.Participant;

    private static ServerState StateOf(MonitoredServer server, in ServerTraffic traffic) => new()
    {
        Emitter = server.Emitter,
        Sessions = server.Sessions,
        Handles = server.Handles,
        PeerConnections = server.PeerConnections,
        Rooms = server.Rooms.Count(),
        NewestEvent = server.Clock.Newest == 0 ? null : TroubleBook.Time(server.Clock.Newest),
        HeardAt = server.Clock.HeardAt == 0 ? null : TroubleBook.Time(server.Clock.HeardAt),
        Lag = TimeSpan.FromMicroseconds(server.Clock.Lag),
        Speaks = server.Speaks,
        Calls = traffic.Calls,
        LossIn = traffic.LossIn,
        LossOut = traffic.LossOut,
        RttMs = traffic.RttMs,
        Types = server.Description.Types,
        StartedAt = server.Description.StartedAt,
        Description = server.Description.Info,
        Counters = server.Description.Counters,
    };

    private static RoomState StateOf(MonitoredServer server, Room room, List<SubscriptionState>? subscriptions) => new()
    {
        Emitter = server.Emitter,
        Plugin = room.Plugin,
        Room = room.Id,
        Participants =
        [
            .. room.Participants.Values.Select(p => new ParticipantState(
                p.Id, p.Display, TroubleBook.Time(p.JoinedAt), p.IsPublishing, p.Handle?.Session.Id, p.Handle?.Id)),
        ],
        Subscriptions = subscriptions ?? [],
    };

    private static CallState StateOf(MonitoredServer server, PeerConnection pc)
    {
        MonitoredHandle handle = pc.Handle;
        int from = ServerTraffic.WindowOf(pc);

        // Counts are those of the last round that is closed.
        long lately = (pc.HasOpenRound ? pc.RoundAt - pc.Period : pc.RoundAt) - (pc.Period / 2);
        return new CallState
        {
            Key = new CallKey(server.Emitter, handle.Session.Id, handle.Id, pc.Number),
            OpaqueId = handle.OpaqueId,
            Plugin = handle.Plugin,
            Room = handle.Room,
            Participant = handle.Participant,
            Display = handle.Display,
            Began = TroubleBook.Time(pc.FirstAt),
            Up = pc.UpAt == 0 ? null : TroubleBook.Time(pc.UpAt),
            SetupMs = pc.SetupMs,
            MeasuredAt = pc.RoundAt == 0 ? null : TroubleBook.Time(pc.RoundAt),
            Phase = pc.UpAt != 0 ? "up" : pc.IceFailedAt != 0 ? "ice-failed" : pc.DtlsTryingAt != 0 ? "dtls" : pc.ConnectingAt != 0 ? "connecting" : pc.AnsweredAt != 0 ? "answered" : "offered",
            RttMs = pc.Rtt,
            Media = [.. pc.Media.Select(medium => StateOf(medium, lately, medium.LossOfBoth(from)))],
            Troubles = pc.Troubles is null ? [] : [.. pc.Troubles.Where(t => t.IsOpen).Select(t => t.Code)],
            Severity = pc.Troubles?.Where(t => t.IsOpen).Select(t => (TroubleSeverity?)t.Severity).Max(),
        };
    }

    private static MediumState StateOf(Medium medium, long lately, in LossCounts loss) => new()
    {
        Mid = medium.Mid,
        Kind = medium.Kind,
        IsReceiving = medium.IsReceiving || (medium.StoppedAt == 0 && medium.ReceivedAt != 0 && medium.ReceivedAt >= lately),
        IsSending = medium.SentAt != 0 && medium.SentAt >= lately,
        LossIn = loss.ShareIn,
        LossOut = loss.ShareOut,
        BytesIn = medium.Totals.BytesReceived,
        BytesOut = medium.Totals.BytesSent,
    };

    /// <summary>The data read under the lock of the state.</summary>
    private sealed class Taken(MonitorParts parts)
    {
        public bool Has(MonitorParts part) => (parts & part) != 0;

        public List<(ServerState State, List<long> Setups, int Up)> Servers { get; } = [];

        public List<ServerState> States { get; } = [];

        public List<CallState> Calls { get; } = [];

        public List<RoomState> Rooms { get; } = [];

        public List<Trouble> Troubles { get; } = [];

        public LatestNews News { get; } = new();
    }
}
