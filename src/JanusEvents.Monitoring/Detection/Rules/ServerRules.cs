using System.Runtime.CompilerServices;
using JanusEvents.Monitoring.State;

namespace JanusEvents.Monitoring.Detection.Rules;

/// <summary>Troubles of servers, of their sessions, and of several calls together.</summary>
internal sealed class ServerRules(TroublesOptions options, TroubleBook book)
{
    private const long Second = 1_000_000;
    private const long SharedFor = 600 * Second;
    private const int LeastAtOnce = 5;
    private const double ManyAtOnce = 0.2;

    private readonly ConditionalWeakTable<MonitoredServer, SetupOutcomes> _setups = [];
    private readonly ConditionalWeakTable<MonitoredServer, Rejoins> _rejoins = [];

    public void Restarted(MonitoredServer server, long at, int lost)
    {
        if (options.ServerRestarted.Enabled)
        {
            Momentary(
                server,
                TroubleCodes.ServerRestarted,
                TroubleSeverity.Critical,
                new TroubleSubject { Emitter = server.Emitter },
                "server",
                at,
                new() { ["peerConnections"] = lost },
                "started without a shutdown before");
        }
    }

    public void Started(MonitoredServer server, long at)
    {
        if (Find(server, TroubleCodes.ServerStopped) is { } stopped)
            book.End(stopped, at, TroubleEnd.Recovered);
    }

    public void Stopped(MonitoredServer server, long at, int lost, long? signal)
    {
        if (lost == 0 || !options.ServerStopped.Enabled)
            return;
        book.Begin(
            server.Troubles,
            TroubleCodes.ServerStopped,
            TroubleSeverity.Warning,
            new TroubleSubject { Emitter = server.Emitter },
            "server",
            at,
            at,
            new() { ["peerConnections"] = lost },
            signs: [(at, signal is null ? "shutdown" : FormattableString.Invariant($"shutdown by signal {signal}"))]);
    }

    public void NameShared(MonitoredServer server, long at, string sign)
    {
        if (!options.ServerNameShared.Enabled)
            return;
        if (Find(server, TroubleCodes.ServerNameShared) is { } open)
        {
            open.Numbers = new() { ["lastSeen"] = at };
            return;
        }

        book.Begin(
            server.Troubles,
            TroubleCodes.ServerNameShared,
            TroubleSeverity.Warning,
            new TroubleSubject { Emitter = server.Emitter },
            "server",
            at,
            at,
            new() { ["lastSeen"] = at },
            signs: [(at, sign)]);
    }

    public void SessionTimedOut(MonitoredServer server, MonitoredSession session, long at, PeerConnection? up)
    {
        TroubleOptions rule = up is null ? options.SessionForgotten : options.SessionLost;
        if (!rule.Enabled || (up is null && !session.HadPeerConnection) || IsDark(server))
            return;
        if (up is not null)
            TroubleBook.NoteCode(up, TroubleCodes.SessionLost);
        Momentary(
            server,
            up is null ? TroubleCodes.SessionForgotten : TroubleCodes.SessionLost,
            up is null ? TroubleSeverity.Info : TroubleSeverity.Error,
            SubjectOf(server, session, up),
            null,
            at,
            null,
            "session timeout");
    }

    public void ConnectionClosed(MonitoredServer server, MonitoredSession session, PeerConnection? up)
    {
        if (up is null || !options.TransportLost.Enabled || IsDark(server))
            return;
        TroubleBook.NoteCode(up, TroubleCodes.TransportLost);
        int atOnce = 1 + server.Troubles.Count(t => t.Code == TroubleCodes.TransportLost && session.DisconnectedAt - t.BeganAt < 10 * Second);
        bool isMany = atOnce >= LeastAtOnce && atOnce >= ManyAtOnce * (server.PeerConnections + atOnce);
        Momentary(
            server,
            TroubleCodes.TransportLost,
            isMany ? TroubleSeverity.Warning : TroubleSeverity.Info,
            SubjectOf(server, session, up),
            null,
            session.DisconnectedAt,
            null,
            "connection of the session closed");
    }

    public void PluginSaid(MonitoredServer server, MonitoredHandle handle, PluginWord word, long at)
    {
        if (handle.Plugin == JanusPlugins.Sip)
        {
            Sip(server, handle, word, at);
        }
        else if (handle.Plugin == JanusPlugins.Streaming && options.RtspLost.Enabled)
        {
            if (word.Word == "rtsp-disconnected")
                Begin(server, TroubleCodes.RtspLost, TroubleSeverity.Warning, SubjectOf(server, handle), at, "RTSP disconnected");
            else if (word.Word == "rtsp-reconnected" && FindOf(server, TroubleCodes.RtspLost, handle) is { } lost)
                book.End(lost, at, TroubleEnd.Recovered);
        }
    }

    /// <summary>Ends the troubles of a handle that no event can end any more.</summary>
    public void Detached(MonitoredServer server, MonitoredHandle handle, long at, string word)
    {
        if (server.Troubles.Count == 0)
            return;
        foreach (OpenTrouble trouble in server.Troubles.FindAll(t => t.IsOpen && t.Subject.Handle == handle.Id && t.Subject.Session == handle.Session.Id))
            book.End(trouble, Math.Max(at, trouble.ConfirmedAt), EndRules.EndOf(word));
    }

    /// <summary>Ends all of a server that is gone.</summary>
    public void Forgotten(MonitoredServer server, long at)
    {
        foreach (OpenTrouble trouble in server.Troubles.FindAll(t => t.IsOpen))
            book.End(trouble, Math.Max(at, trouble.ConfirmedAt), TroubleEnd.Unknown);
    }

    public void Heard(MonitoredServer server)
    {
        ServerClock clock = server.Clock;
        if (server.Troubles.Count > 0)
        {
            if (Find(server, TroubleCodes.ServerSilent) is { } silent)
                book.End(silent, clock.Newest, TroubleEnd.Recovered);
            if (Find(server, TroubleCodes.ServerNameShared) is { } shared && clock.Newest - (long)shared.Numbers!["lastSeen"] > SharedFor)
                book.End(shared, clock.Newest, TroubleEnd.Recovered);
        }

        Judge(server, options.EventsLate, TroubleCodes.EventsLate, clock.LateSince != 0, clock.LateSince, clock.Lag < 2 * Second, clock.Lag / 1000.0, "events arrive late");
        Judge(server, options.ClockSkew, TroubleCodes.ClockSkew, clock.Skew is not null, clock.Newest, clock.Skew is null, (clock.Skew ?? 0) / 1000.0, "the clocks differ");
    }

    public void Tick(MonitoredServer server, long now)
    {
        if (options.ServerSilent.Enabled && server.Speaks && server.Clock.HeardAt != 0
            && now - server.Clock.HeardAt >= Math.Max(options.ServerSilent.After.Ticks / TimeSpan.TicksPerMicrosecond, 3 * server.UsualGap)
            && Find(server, TroubleCodes.ServerSilent) is null
            && server.MayBeCalledSilent())
        {
            book.Begin(
                server.Troubles,
                TroubleCodes.ServerSilent,
                TroubleSeverity.Critical,
                new TroubleSubject { Emitter = server.Emitter },
                "server",
                server.Clock.Newest,
                server.Clock.Newest + (now - server.Clock.HeardAt),
                new() { ["peerConnections"] = server.PeerConnections },
                signs: [(server.Clock.Newest, "last event")]);
        }

        // By the time that passes: where every set-up fails, there may be no further event.
        long at = Math.Max(server.Now, server.Clock.Now);
        if (_setups.TryGetValue(server, out SetupOutcomes? setups))
            JudgeSetups(server, setups, at);
        if (_rejoins.TryGetValue(server, out Rejoins? rejoins))
        {
            foreach (OpenTrouble loop in server.Troubles.FindAll(t => t.IsOpen && t.Code == TroubleCodes.RejoinLoop))
            {
                if (at - rejoins.LastOf(KeyOf(loop.Subject)) > 300 * Second)
                    book.End(loop, at, TroubleEnd.Recovered);
            }
        }
    }

    /// <summary>Counts a set-up that ended, and looks whether somebody joins again and again.</summary>
    public void Finished(MonitoredServer server, PeerConnection pc)
    {
        if (options.ManySetupsFailing.Enabled && !pc.IsPartial && pc.EndEvent is not ("restart" or "shutdown" or "forgotten"))
        {
            if (!_setups.TryGetValue(server, out SetupOutcomes? setups))
                _setups.Add(server, setups = new SetupOutcomes());
            bool isFailed = pc.TroubleCodes is { } codes && (codes.Contains(TroubleCodes.IceFailed) || codes.Contains(TroubleCodes.DtlsFailed)) && pc.UpAt == 0;
            if (isFailed || pc.UpAt != 0)
                setups.Add(pc.EndedAt, isFailed);
            JudgeSetups(server, setups, server.Now);
        }

        if (options.RejoinLoop.Enabled && pc.Handle.DetachedAt != 0 && pc.Handle.Plugin is not (JanusPlugins.Sip or JanusPlugins.NoSip)
            && !pc.IsPartial && pc.EndedAt - pc.FirstAt < 30 * Second && pc.EndEvent is not ("restart" or "shutdown" or "forgotten")
            && KeyOf(pc.Handle) is { } key)
        {
            if (!_rejoins.TryGetValue(server, out Rejoins? rejoins))
                _rejoins.Add(server, rejoins = new Rejoins());
            if (rejoins.Add(key, pc.FirstAt, pc.EndedAt) is { } began)
                Begin(server, TroubleCodes.RejoinLoop, TroubleSeverity.Warning, SubjectOf(server, pc.Handle) with { Session = null, Handle = null }, began, "joins again and again", pc.EndedAt);
        }
    }

    private static bool IsDark(MonitoredServer server) => server.IsTroubled(TroubleCodes.ServerSilent);

    private static OpenTrouble? Find(MonitoredServer server, string code) =>
        server.Troubles.Find(t => t.IsOpen && t.Code == code && t.Subject.Session is null);

    private static OpenTrouble? FindOf(MonitoredServer server, string code, MonitoredHandle handle) =>
        server.Troubles.Find(t => t.IsOpen && t.Code == code && t.Subject.Handle == handle.Id);

    private static TroubleSubject SubjectOf(MonitoredServer server, MonitoredHandle handle) => new()
    {
        Emitter = server.Emitter,
        Session = handle.Session.Id,
        Handle = handle.Id,
        Plugin = handle.Plugin,
        OpaqueId = handle.OpaqueId,
        Room = handle.Room,
        Participant = handle.Participant,
        Display = handle.Display,
    };

    private static TroubleSubject SubjectOf(MonitoredServer server, MonitoredSession session, PeerConnection? up) => new()
    {
        Emitter = server.Emitter,
        Session = session.Id,
        Plugin = up?.Handle.Plugin,
        OpaqueId = up?.Handle.OpaqueId,
        Room = up?.Handle.Room,
        Participant = up?.Handle.Participant,
        Display = up?.Handle.Display,
    };

    // The same client by its own word, or the same name in the same room.
    private static string? KeyOf(MonitoredHandle handle) =>
        !string.IsNullOrEmpty(handle.OpaqueId) ? handle.OpaqueId : handle is { Room: not null, Display: not null } ? $"{handle.Room}\n{handle.Display}" : null;

    private static string KeyOf(TroubleSubject subject) =>
        !string.IsNullOrEmpty(subject.OpaqueId) ? subject.OpaqueId : $"{subject.Room}\n{subject.Display}";

    private void Sip(MonitoredServer server, MonitoredHandle handle, PluginWord word, long at)
    {
        switch (word.Word)
        {
            case "registration_failed" when options.SipRegistrationFailed.Enabled && FindOf(server, TroubleCodes.SipRegistrationFailed, handle) is null:
                Begin(server, TroubleCodes.SipRegistrationFailed, TroubleSeverity.Error, SubjectOf(server, handle), at, FormattableString.Invariant($"registration failed with {word.Code}"));
                break;
            case "registered" when FindOf(server, TroubleCodes.SipRegistrationFailed, handle) is { } failed:
                book.End(failed, at, TroubleEnd.Recovered);
                break;
            case "hangup" or "declined" when options.SipCallFailed.Enabled && word.Code is >= 400 and not (480 or 486 or 487 or 603):
                Momentary(
                    server,
                    TroubleCodes.SipCallFailed,
                    TroubleSeverity.Warning,
                    SubjectOf(server, handle),
                    null,
                    at,
                    new() { ["code"] = word.Code },
                    FormattableString.Invariant($"{word.Word} with {word.Code}"));
                break;
        }
    }

    private void JudgeSetups(MonitoredServer server, SetupOutcomes setups, long now)
    {
        (int all, int failed, long first) = setups.Of(now);
        double share = all == 0 ? 0 : (double)failed / all;
        OpenTrouble? open = Find(server, TroubleCodes.ManySetupsFailing);
        if (open is null)
        {
            if (failed >= LeastAtOnce && share >= options.ManySetupsFailing.Raise)
            {
                book.Begin(
                    server.Troubles,
                    TroubleCodes.ManySetupsFailing,
                    TroubleSeverity.Critical,
                    new TroubleSubject { Emitter = server.Emitter },
                    "server",
                    first,
                    now,
                    new() { ["setups"] = all, ["failed"] = failed },
                    signs: [(first, "first of the set-ups that failed")]);
            }
        }
        else if (share < options.ManySetupsFailing.End)
        {
            book.End(open, now, TroubleEnd.Recovered);
        }
    }

    private void Judge(MonitoredServer server, TroubleOptions rule, string code, bool isBad, long since, bool isWell, double milliseconds, string sign)
    {
        if (!isBad && server.Troubles.Count == 0)
            return;
        if (Find(server, code) is { } open)
        {
            if (isWell)
                book.End(open, server.Clock.Newest, TroubleEnd.Recovered);
        }
        else if (isBad && rule.Enabled)
        {
            book.Begin(
                server.Troubles,
                code,
                TroubleSeverity.Warning,
                new TroubleSubject { Emitter = server.Emitter },
                "server",
                since,
                server.Clock.Newest,
                new() { ["milliseconds"] = milliseconds },
                signs: [(since, sign)]);
        }
    }

    private void Begin(MonitoredServer server, string code, TroubleSeverity severity, TroubleSubject subject, long at, string sign, long? now = null)
    {
        if (server.Troubles.Exists(t => t.IsOpen && t.Code == code && t.Subject == subject))
            return;
        book.Begin(server.Troubles, code, severity, subject, null, at, now ?? at, signs: [(at, sign)]);
    }

    private void Momentary(
        MonitoredServer server,
        string code,
        TroubleSeverity severity,
        TroubleSubject subject,
        string? side,
        long at,
        Dictionary<string, double>? numbers,
        string sign)
    {
        book.Begin(server.Troubles, code, severity, subject, side, at, Math.Max(at, server.Now), numbers, isMomentary: true, signs: [(at, sign)]);
    }

    /// <summary>How the set-ups of the last five minutes ended.</summary>
    private sealed class SetupOutcomes
    {
        private const long Window = 300 * Second;
        private const int Most = 10_000;
        private readonly Queue<(long At, bool IsFailed)> _outcomes = new();
        private int _failed;

        public void Add(long at, bool isFailed)
        {
            _outcomes.Enqueue((at, isFailed));
            _failed += isFailed ? 1 : 0;
            if (_outcomes.Count > Most)
                Drop();
        }

        public (int All, int Failed, long First) Of(long now)
        {
            while (_outcomes.TryPeek(out (long At, bool IsFailed) oldest) && now - oldest.At > Window)
                Drop();
            long first = 0;
            if (_failed >= LeastAtOnce)
            {
                foreach ((long at, bool isFailed) in _outcomes)
                {
                    if (!isFailed)
                        continue;
                    first = at;
                    break;
                }
            }

            return (_outcomes.Count, _failed, first);
        }

        private void Drop() => _failed -= _outcomes.Dequeue().IsFailed ? 1 : 0;
    }

    /// <summary>Short PeerConnections of the same client, one after the other.</summary>
    private sealed class Rejoins
    {
        private const long Window = 120 * Second;
        private const int MostClients = 4_096;
        private const int Again = 3;
        private readonly Dictionary<string, List<(long Began, long Ended)>> _byClient = new(StringComparer.Ordinal);

        /// <summary>Adds one.</summary>
        /// <returns>When the first of three began; null when there are not three.</returns>
        public long? Add(string client, long began, long ended)
        {
            if (!_byClient.TryGetValue(client, out List<(long Began, long Ended)>? calls))
            {
                if (_byClient.Count == MostClients)
                    _byClient.Clear();
                _byClient.Add(client, calls = []);
            }

            calls.RemoveAll(c => began - c.Began > Window);

            // Several at the same time are no rejoin.
            if (calls.Count > 0 && began < calls[^1].Ended)
            {
                calls[^1] = (calls[^1].Began, Math.Max(calls[^1].Ended, ended));
                return null;
            }

            calls.Add((began, ended));
            return calls.Count >= Again ? calls[0].Began : null;
        }

        public long LastOf(string client) => _byClient.TryGetValue(client, out List<(long Began, long Ended)>? calls) && calls.Count > 0 ? calls[^1].Ended : 0;
    }
}
