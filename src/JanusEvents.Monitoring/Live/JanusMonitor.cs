using System.Runtime.CompilerServices;
using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Live;

/// <summary>Makes snapshots of the state: at most one a second, and none while nobody asks.</summary>
internal sealed class JanusMonitor(MonitoredServers servers, LiveTroubles troubles, TimeProvider time) : IJanusMonitor
{
    private const int MostCalls = 10_000;
    private const int Window = 10_000;
    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private MonitorSnapshot? _last;
    private long _urgentTaken;

    public MonitorSnapshot Read()
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_last is null || now - _last.TakenAt >= s_age || now < _last.TakenAt || troubles.Urgent != _urgentTaken)
            {
                _urgentTaken = troubles.Urgent;
                _last = Take(now, (_last?.Sequence ?? 0) + 1);
            }

            return _last;
        }
    }

    public CallState? FindCall(CallKey key) => servers.Read(all =>
    {
        foreach (MonitoredServer server in all)
        {
            if (server.Emitter == key.Emitter && server.FindHandle(key.Session, key.Handle)?.PeerConnection is { EndedAt: 0 } pc && (key.Number == 0 || key.Number == pc.Number))
                return StateOf(server, pc);
        }

        return null;
    });

    public async IAsyncEnumerable<MonitorSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long sequence = 0;
        while (true)
        {
            Task urgent = troubles.NextUrgent;
            MonitorSnapshot snapshot = Read();
            if (snapshot.Sequence != sequence)
            {
                sequence = snapshot.Sequence;
                yield return snapshot;
            }

            await Task.WhenAny(Task.Delay(s_age, time, cancellationToken), urgent).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async IAsyncEnumerable<CallState> WatchCallAsync(CallKey key, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (FindCall(key) is { } call)
        {
            yield return call;
            await Task.Delay(s_age, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private MonitorSnapshot Take(DateTimeOffset now, long sequence)
    {
        (List<ServerState> states, List<CallState> calls, List<RoomState> rooms, List<Trouble> openTroubles) = servers.Read(all =>
        {
            List<ServerState> ofServers = [];
            List<CallState> ofCalls = [];
            List<RoomState> ofRooms = [];
            List<Trouble> open = [];
            foreach (MonitoredServer server in all)
            {
                ofServers.Add(StateOf(server));
                open.AddRange(server.Troubles.Where(t => t.IsOpen).Select(TroubleBook.ToTrouble));
                ofRooms.AddRange(server.Rooms.Select(room => StateOf(server, room)));
                foreach (MonitoredSession session in server.OpenSessions)
                {
                    foreach (MonitoredHandle handle in session.Handles)
                    {
                        if (handle.PeerConnection is not { EndedAt: 0 } pc)
                            continue;
                        if (pc.Troubles is not null)
                            open.AddRange(pc.Troubles.Where(t => t.IsOpen).Select(TroubleBook.ToTrouble));
                        if (ofCalls.Count < MostCalls || pc.Troubles?.Exists(t => t.IsOpen) == true)
                            ofCalls.Add(StateOf(server, pc));
                    }
                }
            }

            return (ofServers, ofCalls, ofRooms, open);
        });
        return new MonitorSnapshot
        {
            TakenAt = now,
            Sequence = sequence,
            Servers = [.. states.OrderBy(s => s.Emitter, StringComparer.Ordinal)],
            Calls = [.. calls.OrderByDescending(c => c.Troubles.Count).ThenByDescending(c => c.Began).Take(MostCalls)],
            Rooms = rooms,
            Troubles = [.. openTroubles.OrderByDescending(t => t.Severity).ThenByDescending(t => t.Began)],
            RecentTroubles = troubles.Recent,
            Totals = new MonitorTotals(
                states.Count, states.Sum(s => s.Sessions), states.Sum(s => s.Handles), states.Sum(s => s.PeerConnections), rooms.Count, openTroubles.Count),
        };
    }

    private static ServerState StateOf(MonitoredServer server) => new()
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
    };

    private static RoomState StateOf(MonitoredServer server, Room room) => new()
    {
        Emitter = server.Emitter,
        Plugin = room.Plugin,
        Room = room.Id,
        Participants =
        [
            .. room.Participants.Values.Select(p => new ParticipantState(
                p.Id, p.Display, TroubleBook.Time(p.JoinedAt), p.IsPublishing, p.Handle?.Session.Id, p.Handle?.Id)),
        ],
    };

    private static CallState StateOf(MonitoredServer server, PeerConnection pc)
    {
        MonitoredHandle handle = pc.Handle;
        int now = (int)Math.Clamp((pc.RoundAt - pc.FirstAt) / 1000, 0, int.MaxValue);
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
            SetupMs = pc.UpAt == 0 || pc.UpFrom == 0 || pc.UpFrom > pc.UpAt ? null : (pc.UpAt - pc.UpFrom) / 1000,
            Phase = pc.UpAt != 0 ? "up" : pc.IceFailedAt != 0 ? "ice-failed" : pc.DtlsTryingAt != 0 ? "dtls" : pc.ConnectingAt != 0 ? "connecting" : pc.AnsweredAt != 0 ? "answered" : "offered",
            RttMs = pc.Rtt,
            Media =
            [
                .. pc.Media.Select(m => new MediumState
                {
                    Mid = m.Mid,
                    Kind = m.Kind,
                    IsReceiving = m.IsReceiving,
                    IsSending = m.SentAt != 0 && m.SentAt >= pc.RoundAt - (pc.Period / 2),
                    LossIn = m.Loss(now - Window, isIn: true).Share,
                    LossOut = m.Loss(now - Window, isIn: false).Share,
                    BytesIn = m.Totals.BytesReceived,
                    BytesOut = m.Totals.BytesSent,
                }),
            ],
            Troubles = pc.Troubles is null ? [] : [.. pc.Troubles.Where(t => t.IsOpen).Select(t => t.Code)],
        };
    }
}
