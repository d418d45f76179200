using System.Text.Json.Nodes;
using JanusEvents.Dashboard.Rows;
using JanusEvents.Observation;

namespace JanusEvents.Dashboard.Views;

/// <summary>
/// The views of what is open now: made of the shared snapshot, once for all who look at the same one, and of memory alone.
/// </summary>
internal sealed class LiveViews(
    IJanusMonitor monitor,
    RowTexts texts,
    Intake intake,
    SinkRecords sinks,
    ReceiverPaths receivers,
    IBacklog? backlog = null)
{
    private const int MostRows = 100;
    private const int MostTroubles = 50;
    private const int MostRecent = 20;
    private const int MostKept = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<ViewKey, ViewFrame> _frames = [];
    private readonly CallRows _calls = new(texts);
    private readonly RoomRows _rooms = new(texts);

    /// <summary>Whether there is a view of this name.</summary>
    public static bool Has(string view) => view is "totals" or "overview" or "server" or "rooms" or "room" or "calls" or "feed";

    /// <summary>The frame of a view for a snapshot.</summary>
    public ViewFrame FrameOf(ViewKey key, MonitorSnapshot snapshot)
    {
        lock (_gate)
        {
            if (_frames.TryGetValue(key, out ViewFrame? last) && last.Sequence >= snapshot.Sequence)
                return last;
            if (last is null && _frames.Count >= MostKept)
                _frames.Clear();
            ViewFrame frame = new(snapshot.Sequence, snapshot.TakenAt, Build(key, snapshot), last);
            _frames[key] = frame;
            return frame;
        }
    }

    /// <summary>The current snapshot, with what a view shows of it.</summary>
    public MonitorSnapshot Read(string view) => monitor.Read(PartsOf(view));

    /// <summary>What a view shows of a snapshot besides servers, troubles, news and totals.</summary>
    public static MonitorParts PartsOf(string view) => view switch
    {
        "server" or "calls" => MonitorParts.Calls,
        "rooms" => MonitorParts.Rooms,
        "room" => MonitorParts.All,
        _ => MonitorParts.None,
    };

    /// <summary>The row of a call.</summary>
    public JsonObject CallRow(CallState call) => _calls.Of(call);

    /// <summary>The figures at the head of every page.</summary>
    public JsonObject Totals(MonitorSnapshot snapshot)
    {
        BacklogFigures? waiting = backlog?.Read();
        return new JsonObject
        {
            ["servers"] = snapshot.Totals.Servers,
            ["silent"] = snapshot.Troubles.Count(t => t.Code == TroubleCodes.ServerSilent),
            ["sessions"] = snapshot.Totals.Sessions,
            ["handles"] = snapshot.Totals.Handles,
            ["calls"] = snapshot.Servers.Sum(s => s.Calls),
            ["rooms"] = snapshot.Totals.Rooms,
            ["troubles"] = snapshot.Totals.Troubles,
            ["eventsPerSecond"] = Math.Round(snapshot.Servers.Sum(s => s.EventsPerSecond)),
            ["newestEvent"] = RowText.Of(snapshot.Servers.Max(s => s.HeardAt)),
            ["waitingBodies"] = waiting?.Bodies ?? 0,
            ["waitingBytes"] = waiting?.Bytes ?? 0,
            ["feedIll"] = FeedIll(waiting),
            ["quietSince"] = RowText.Of(snapshot.QuietSince),
            ["host"] = Environment.MachineName,
        };
    }

    // A reason why the page may show less than there is.
    private string? FeedIll(BacklogFigures? waiting)
    {
        SinkOutcome? failing = sinks.Outcomes.FirstOrDefault(sink => sink is { Failures: > 0, HoldsAnswers: true });
        if (failing is not null)
            return $"Nothing can be stored at present: {failing.Name} fails ({failing.LastError}). What is shown stands still until it works again.";
        if (waiting is { SuspendedSinks.Count: > 0 })
            return $"{string.Join(", ", waiting.SuspendedSinks)} is suspended and misses events.";
        return intake.Bodies == 0 ? "No Janus has sent an event to this host yet." : null;
    }

    private ViewContent Build(ViewKey key, MonitorSnapshot snapshot)
    {
        ViewContent content = new();
        content.Add("totals", Totals(snapshot));
        switch (key.View)
        {
            case "totals":
                break;
            case "server":
                AddServer(content, key, snapshot);
                break;
            case "rooms":
                AddRooms(content, key, snapshot);
                break;
            case "room":
                AddRoom(content, key, snapshot);
                break;
            case "calls":
                AddCalls(content, snapshot.Calls.Where(call => IsWanted(call, key)));
                break;
            case "feed":
                AddFeed(content, key, snapshot);
                break;
            default:
                AddOverview(content, key, snapshot);
                break;
        }

        return content;
    }

    private void AddOverview(ViewContent content, ViewKey key, MonitorSnapshot snapshot)
    {
        AddTroubles(content, snapshot, trouble => IsWanted(trouble, key), isGrouped: !TroubleTexts.Codes.Contains(key.Text));
        content.Add("news", snapshot.News.Select(news => ($"{news.At.UtcTicks:x} {news.Kind} {news.Call?.Handle:x}", NewsRow(news))));
        ServerState[] servers = [.. snapshot.Servers.Where(server => key.Matches(server.Emitter))];
        ILookup<string?, Trouble> troubles = snapshot.Troubles.ToLookup(t => t.Subject.Emitter);
        content.Add(
            "servers",
            servers.OrderByDescending(server => troubles.Contains(server.Emitter)).Take(MostRows)
                .Select(server => (server.Emitter ?? "", ServerRows.Of(server, [.. troubles[server.Emitter]], snapshot.TakenAt))),
            Math.Max(0, servers.Length - MostRows));
    }

    private void AddTroubles(ViewContent content, MonitorSnapshot snapshot, Func<Trouble, bool> isWanted, bool isGrouped = true)
    {
        (string Id, JsonObject Row)[] open = [.. TroubleRows.Of(snapshot.Troubles.Where(isWanted), texts, isGrouped)];
        content.Add("troubles", open.Take(MostTroubles), Math.Max(0, open.Length - MostTroubles));
        content.Add("recent", snapshot.RecentTroubles.Where(isWanted).Take(MostRecent).Select(t => (t.Id, TroubleRows.Of(t, texts))));
    }

    private void AddServer(ViewContent content, ViewKey key, MonitorSnapshot snapshot)
    {
        AddTroubles(content, snapshot, trouble => trouble.Subject.Emitter == key.Emitter);
        AddCalls(content, snapshot.Calls.Where(call => call.Key.Emitter == key.Emitter && IsWanted(call, key with { Emitter = null })));
        if (snapshot.Servers.FirstOrDefault(server => server.Emitter == key.Emitter) is not { } state)
        {
            content.Add("server", new JsonObject { ["emitter"] = key.Emitter, ["unknown"] = true });
            return;
        }

        JsonObject row = ServerRows.Of(state, [.. snapshot.Troubles.Where(t => t.Subject.Emitter == state.Emitter)], snapshot.TakenAt);
        row["counters"] = Counters(state);
        content.Add("server", row);
        content.Add("outcomes", state.Outcomes.Select(outcome => ($"{outcome.Outcome}/{outcome.Reason}", new JsonObject
        {
            ["outcome"] = outcome.Outcome,
            ["reason"] = texts.Short(outcome.Reason),
            ["count"] = outcome.Count,
        })));
    }

    private static JsonArray Counters(ServerState state)
    {
        JsonObject? theirs = ServerRows.Description(state.Counters);
        return
        [
            Counter("sessions", theirs?["sessions"], state.Sessions),
            Counter("handles", theirs?["handles"], state.Handles),
            Counter("PeerConnections", theirs?["peerconnections"], state.PeerConnections),
        ];
    }

    private static JsonObject Counter(string name, JsonNode? theirs, int ours) => new()
    {
        ["name"] = name,
        ["theirs"] = theirs is JsonValue value && value.TryGetValue(out long count) ? count : null,
        ["ours"] = ours,
    };

    private void AddRooms(ViewContent content, ViewKey key, MonitorSnapshot snapshot)
    {
        RoomState[] rooms = [.. snapshot.Rooms.Where(room => key.Matches(room.Room, room.Plugin, room.Emitter) || room.Participants.Any(p => key.Matches(p.Display, p.Participant)))];
        ILookup<(string?, string?, string?), Trouble> troubles = snapshot.Troubles.ToLookup(t => (t.Subject.Emitter, t.Subject.Plugin, t.Subject.Room));
        content.Add(
            "rooms",
            rooms.OrderByDescending(room => troubles.Contains((room.Emitter, room.Plugin, room.Room)))
                .ThenByDescending(room => room.Participants.Count).ThenBy(room => room.Room, StringComparer.Ordinal).Take(MostRows)
                .Select(room => ($"{room.Emitter}/{room.Plugin}/{room.Room}", _rooms.Of(room, [.. troubles[(room.Emitter, room.Plugin, room.Room)]]))),
            Math.Max(0, rooms.Length - MostRows));
    }

    private void AddRoom(ViewContent content, ViewKey key, MonitorSnapshot snapshot)
    {
        AddTroubles(content, snapshot, IsHere);
        RoomState room = snapshot.Rooms.FirstOrDefault(r => r.Room == key.Room && r.Plugin == key.Plugin && r.Emitter == key.Emitter)
            ?? new RoomState { Emitter = key.Emitter, Plugin = key.Plugin ?? "", Room = key.Room ?? "", Participants = [] };
        Dictionary<(long Session, long Handle), CallState> calls = [];
        foreach (CallState call in snapshot.Calls.Where(call => call.Key.Emitter == room.Emitter))
            calls.TryAdd((call.Key.Session, call.Key.Handle), call);
        content.Add("room", _rooms.Of(room, [.. snapshot.Troubles.Where(IsHere)]));
        content.Add("participants", _rooms.Participants(room, calls).Take(MostRows), Math.Max(0, room.Participants.Count - MostRows));
        content.Add("cells", RoomRows.Cells(room, calls).Take(MostRows * MostRows));

        bool IsHere(Trouble trouble) => trouble.Subject.Room == key.Room && trouble.Subject.Plugin == key.Plugin && trouble.Subject.Emitter == key.Emitter;
    }

    private void AddCalls(ViewContent content, IEnumerable<CallState> wanted)
    {
        CallState[] calls = [.. wanted];
        content.Add("calls", _calls.Of(calls.Take(MostRows)), Math.Max(0, calls.Length - MostRows));
    }

    private void AddFeed(ViewContent content, ViewKey key, MonitorSnapshot snapshot)
    {
        content.Add("intake", new JsonObject
        {
            ["since"] = RowText.Of(intake.Since),
            ["bodies"] = intake.Bodies,
            ["events"] = intake.Events,
            ["rejected"] = intake.RejectedElements,
            ["refusedCredentials"] = intake.RefusedCredentials,
            ["refusedBodies"] = intake.RefusedBodies,
            ["unanswered"] = intake.Unanswered,
            ["lastBodyAt"] = RowText.Of(intake.LastBodyAt),
            ["lastRefusedAt"] = RowText.Of(intake.LastRefusedAt),
        });
        IReadOnlyList<EmitterIntake> emitters = intake.ReadEmitters();
        content.Add(
            "senders",
            emitters.Take(MostRows).Select(emitter => (emitter.Emitter ?? "", SenderRow(emitter, snapshot.Servers.FirstOrDefault(s => s.Emitter == emitter.Emitter)))),
            Math.Max(0, emitters.Count - MostRows));
        if (key.Text is not null && Uri.TryCreate(key.Text, UriKind.Absolute, out Uri? host))
            content.Add("lines", LinesFor(host));
        content.Add("sinks", sinks.Outcomes.Select(sink => (sink.Name, new JsonObject
        {
            ["name"] = sink.Name,
            ["required"] = sink.HoldsAnswers,
            ["failures"] = sink.Failures,
            ["lastError"] = sink.LastError,
            ["lastStoredAt"] = RowText.Of(sink.LastStoredAt),
            ["lastFailedAt"] = RowText.Of(sink.LastFailedAt),
        })));
    }

    private JsonObject LinesFor(Uri host) => new()
    {
        ["broadcast"] = string.Join('\n', JanusConfigurationLines.Broadcast),
        ["http"] = receivers.HttpPath is { } http ? string.Join('\n', JanusConfigurationLines.Http(new Uri(host, http))) : null,
        ["webSocket"] = receivers.WebSocketPath is { } webSocket
            ? string.Join('\n', JanusConfigurationLines.WebSocket(new UriBuilder(new Uri(host, webSocket)) { Scheme = host.Scheme == "https" ? "wss" : "ws" }.Uri))
            : null,
    };

    private JsonObject SenderRow(EmitterIntake emitter, ServerState? server)
    {
        JsonArray missing = [];
        if (server is not null && emitter.Events >= 20)
        {
            foreach ((JanusEventType type, string means) in s_expected)
            {
                if (!server.Types.Contains(type))
                    missing.Add((JsonNode)JsonValue.Create($"No {means} events came: set events = \"all\" in its event handler, if they are wanted."));
            }
        }

        return new JsonObject
        {
            ["emitter"] = emitter.Emitter,
            ["address"] = texts.Clean(emitter.RemoteAddress),
            ["firstAt"] = RowText.Of(emitter.FirstAt),
            ["lastAt"] = RowText.Of(emitter.LastAt),
            ["bodies"] = emitter.Bodies,
            ["events"] = emitter.Events,
            ["eventsPerBody"] = emitter.Bodies == 0 ? null : Math.Round((double)emitter.Events / emitter.Bodies, 1),
            ["lagMs"] = server is null ? null : (int)Math.Clamp(server.Lag.TotalMilliseconds, 0, 86_400_000),
            ["kinds"] = new JsonArray([.. (server?.Types ?? []).Select(type => (JsonNode)JsonValue.Create(type.ToString().ToLowerInvariant()))]),
            ["missing"] = missing,
        };
    }

    private static readonly (JanusEventType Type, string Means)[] s_expected =
    [
        (JanusEventType.Session, "session"),
        (JanusEventType.Handle, "handle"),
        (JanusEventType.WebRtc, "webrtc"),
        (JanusEventType.Media, "media"),
        (JanusEventType.Plugin, "plugin"),
    ];

    private JsonObject NewsRow(MonitorNews news) => new()
    {
        ["at"] = RowText.Of(news.At),
        ["kind"] = news.Kind.ToString().ToLowerInvariant(),
        ["emitter"] = news.Emitter,
        ["session"] = RowText.Of(news.Call?.Session),
        ["handle"] = RowText.Of(news.Call?.Handle),
        ["number"] = news.Call?.Number,
        ["plugin"] = news.Plugin,
        ["room"] = texts.Short(news.Room),
        ["display"] = texts.Short(news.Display),
        ["outcome"] = news.Outcome,
        ["reason"] = texts.Short(news.Reason),
    };

    private static bool IsWanted(Trouble trouble, ViewKey key) =>
        key.Matches(trouble.Code, trouble.Subject.Emitter, trouble.Subject.Room, trouble.Subject.Display, trouble.Subject.Participant, trouble.Subject.OpaqueId);

    private static bool IsWanted(CallState call, ViewKey key) =>
        (key.Emitter is null || call.Key.Emitter == key.Emitter)
        && (key.Plugin is null || call.Plugin == key.Plugin)
        && (key.Room is null || call.Room == key.Room)
        && key.Matches(call.Display, call.Room, call.Participant, call.OpaqueId, call.Key.Emitter, RowText.Of(call.Key.Session), RowText.Of(call.Key.Handle), call.Phase);
}
