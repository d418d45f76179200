using static JanusEvents.Rooms.PluginProperty;

namespace JanusEvents.Rooms;

/// <summary>Reads the facts of an event; most events have none.</summary>
internal static class FactReader
{
    private const string VideoRoomPlugin = "janus.plugin.videoroom";
    private const string AudioBridgePlugin = "janus.plugin.audiobridge";
    private const string TextRoomPlugin = "janus.plugin.textroom";
    private const string StreamingPlugin = "janus.plugin.streaming";
    private const string SipPlugin = "janus.plugin.sip";
    private const string NoSipPlugin = "janus.plugin.nosip";
    private const string VideoCallPlugin = "janus.plugin.videocall";
    private const string RecordPlayPlugin = "janus.plugin.recordplay";

    /// <summary>The facts of an event. One without a time has none, since a fact holds from when to when.</summary>
    public static IReadOnlyList<Fact> Read(JanusEvent e) => e switch
    {
        // Far the most events.
        MediaStatsEvent or TransportEvent => [],
        _ when e.Timestamp is null => [],
        PluginEvent plugin => OfPlugin(plugin),
        HandleEvent { Name: "detached" } handle when handle.Plugin is null || HasFacts(handle.Plugin) =>
            [new Fact(FactKind.Detached, handle.Name) { Plugin = handle.Plugin }],
        SessionEvent { Name: "destroyed" or "timeout" } session => [new Fact(FactKind.Ended, session.Name)],
        ConnectionEvent { State: "hangup" } connection => [new Fact(FactKind.HungUp, connection.State)],
        CoreEvent { Status: "started" or "shutdown" } core => [new Fact(FactKind.Restarted, core.Status)],
        _ => [],
    };

    private static bool HasFacts(string? plugin) => plugin is
        VideoRoomPlugin or AudioBridgePlugin or TextRoomPlugin or StreamingPlugin or SipPlugin or NoSipPlugin or
        VideoCallPlugin or RecordPlayPlugin;

    private static IReadOnlyList<Fact> OfPlugin(PluginEvent e)
    {
        if (!HasFacts(e.Plugin) || PluginBody.TryRead(e.Data) is not { } body)
            return [];

        IEnumerable<Fact> facts = e.Plugin switch
        {
            VideoRoomPlugin => OfVideoRoom(body),
            AudioBridgePlugin => OfAudioBridge(body),
            TextRoomPlugin => OfTextRoom(body),
            StreamingPlugin => OfStreaming(body),
            SipPlugin => OfSip(body),
            NoSipPlugin => OfNoSip(body),
            VideoCallPlugin => OfVideoCall(body),
            _ => OfRecordPlay(body),
        };
        return [.. facts.Select(f => f with { Plugin = e.Plugin })];
    }

    private static IEnumerable<Fact> OfVideoRoom(PluginBody body)
    {
        Fact fact = new(FactKind.Reported, body[Event] ?? body[VideoRoom])
        {
            Room = body[Room],
            Participant = body[Id],
            Display = body[Display],
            PrivateId = body.PrivateId,
        };
        switch (body[Event])
        {
            case "created":
                return InRoom(OfRoom(fact, FactKind.Created));
            case "destroyed":
                return InRoom(OfRoom(fact, FactKind.Emptied));
            case "kicked":
                return InRoom(fact with { What = FactKind.Left, OfHandle = false });
            case "joined":
                return InRoom(fact with { What = FactKind.Joined });
            case "leaving":
                return InRoom(fact with { What = FactKind.Left });
            case "published":
                return InRoom(fact with { What = FactKind.Published });
            case "unpublished":
                return InRoom(fact with { What = FactKind.Unpublished });
            case "subscribing":
                return InRoom(fact with { What = FactKind.Joined, Participant = null }).Concat(Subscribed(fact, body));
            case "subscribed":
                return Subscribed(fact, body);
            case "unsubscribed":
                return [fact with { What = FactKind.Unsubscribed, Participant = null, Peer = body[Feed] }];

            // A publisher's has its id; a subscriber's lists all that it is subscribed to.
            case "updated" when body[Id] is null && body.HasStreams:
            case "switched" when body[Feed] is not null:
                return Subscribed(fact, body).Prepend(fact with { What = FactKind.Updated, Participant = null });
            case "updated" or "configured":
                return InRoom(fact);
            default:
                return body[VideoRoom] is "talking" or "stopped-talking" ? InRoom(fact) : InRoom(fact with { OfHandle = false });
        }
    }

    private static IEnumerable<Fact> Subscribed(Fact fact, PluginBody body)
    {
        fact = fact with { What = FactKind.Subscribed, Participant = null, Display = null };
        return body[Feed] is { } feed
            ? [fact with { Peer = feed }]
            : body.Feeds.Select(f => fact with { Peer = f.Key, Display = f.Value });
    }

    private static Fact[] OfAudioBridge(PluginBody body)
    {
        string? word = body[Event] ?? body[AudioBridge];
        Fact fact = new(FactKind.Reported, word) { Room = body[Room], Participant = body[Id], Display = body[Display] };
        return word switch
        {
            "created" => InRoom(OfRoom(fact, FactKind.Created)),
            "destroyed" => InRoom(OfRoom(fact, FactKind.Emptied)),
            "joined" => InRoom(fact with { What = FactKind.Joined }),
            "left" => InRoom(fact with { What = FactKind.Left }),
            "kicked" or "kicked_all" => InRoom(fact with
            {
                What = fact.Participant is null ? FactKind.Emptied : FactKind.Left,
                OfHandle = false,
            }),
            "configured" or "talking" or "stopped-talking" => InRoom(fact),
            _ => InRoom(fact with { OfHandle = false }),
        };
    }

    private static Fact[] OfTextRoom(PluginBody body)
    {
        string? word = body[Event] ?? body[TextRoom];
        Fact fact = new(FactKind.Reported, word) { Room = body[Room], Participant = body[UserName], Display = body[Display] };
        return word switch
        {
            "created" => InRoom(OfRoom(fact, FactKind.Created)),
            "destroyed" => InRoom(OfRoom(fact, FactKind.Emptied)),
            "join" => InRoom(fact with { What = FactKind.Joined }),
            "leave" => InRoom(fact with { What = FactKind.Left }),
            "kicked" => InRoom(fact with { What = FactKind.Left, OfHandle = false }),
            _ => InRoom(fact with { OfHandle = false }),
        };
    }

    // There is no event for watching: who starts a mountpoint watches it.
    private static Fact[] OfStreaming(PluginBody body)
    {
        Fact fact = new(FactKind.Reported, body[Status] ?? body[Event]) { Room = body[Id] };
        return body[Status] switch
        {
            "starting" or "started" or "switching" => [fact with { What = FactKind.Joined }],
            "stopping" => [fact with { What = FactKind.Left }],
            null => body[Event] switch
            {
                "created" => InRoom(OfRoom(fact, FactKind.Created)),
                "destroyed" or "kicked_all" => InRoom(OfRoom(fact, FactKind.Emptied)),
                _ => InRoom(fact with { OfHandle = false }),
            },
            _ => InRoom(fact),
        };
    }

    private static Fact[] OfSip(PluginBody body)
    {
        Fact fact = new(FactKind.Reported, body[Event]) { Room = body[CallId] };
        return body[Event] switch
        {
            "registered" => [fact with { What = FactKind.Registered, Participant = body[Identity] }],
            "calling" => [fact with { What = FactKind.Joined, Peer = body[Callee] }],
            "incomingcall" => [fact with { What = FactKind.Joined, Peer = body[UserName], Display = body[DisplayName] }],
            "accepted" => [fact with { What = FactKind.Accepted }],

            // A call that was handed on and declined there goes on here.
            "declined" when body[ReferId] is not null => InRoom(fact),
            "hangup" or "declined" => [fact with { What = FactKind.Left }],
            _ => InRoom(fact),
        };
    }

    private static Fact[] OfNoSip(PluginBody body) => body[Event] is "generated" or "processed"
        ? [new Fact(FactKind.Joined, body[Event]) { Room = body[UniqueId] }]
        : [];

    // The one that is called says so only when it accepts; neither names the other.
    private static Fact[] OfVideoCall(PluginBody body) => body[Event] switch
    {
        "registered" => [new Fact(FactKind.Registered, body[Event]) { Participant = body[UserName] }],
        "calling" => [new Fact(FactKind.Joined, body[Event])],
        "accepted" => [new Fact(FactKind.Joined, body[Event]), new Fact(FactKind.Accepted, body[Event])],
        "hangup" => [new Fact(FactKind.Left, body[Event])],
        _ => [],
    };

    private static Fact[] OfRecordPlay(PluginBody body)
    {
        Fact fact = new(FactKind.Reported, body[Event]) { Room = body[Id] };
        return body[Event] switch
        {
            "recording" or "playout" => InRoom(fact with { What = FactKind.Joined }),
            "stopped" => [fact with { What = FactKind.Left }],
            _ => InRoom(fact),
        };
    }

    // The handle that asked for it need not be in the room.
    private static Fact OfRoom(Fact fact, string what) => fact with { What = what, Participant = null, OfHandle = false };

    private static Fact[] InRoom(Fact fact) => fact.Room is null ? [] : [fact];
}
