using System.Text;

namespace JanusEvents.Monitoring.Tests.Hosts;

/// <summary>The events of a call of a video room, as Janus would send them.</summary>
internal sealed class SyntheticCall(string emitter, long number)
{
    private const string Sdp = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendrecv\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendrecv\r\n";

    public long Session => 1_000_000 + number;

    public long Handle => 2_000_000 + number;

    public string OpaqueId => $"client-{number}";

    public const string Room = "1234";

    /// <summary>From the session to media that arrive.</summary>
    public IEnumerable<JanusEvent> Begin(DateTimeOffset at) =>
    [
        new SessionEvent { Emitter = emitter, Timestamp = at, SessionId = Session, Name = SessionStates.Created },
        new HandleEvent { Emitter = emitter, Timestamp = at, SessionId = Session, HandleId = Handle, OpaqueId = OpaqueId, Name = HandleStates.Attached, Plugin = JanusPlugins.VideoRoom },
        new PluginEvent
        {
            Emitter = emitter,
            Timestamp = at.AddMilliseconds(10),
            SessionId = Session,
            HandleId = Handle,
            Plugin = JanusPlugins.VideoRoom,
            Data = new RawJson(Encoding.UTF8.GetBytes($$"""{"event":"joined","room":{{Room}},"id":{{number}},"display":"Carol"}""")),
        },
        new JsepEvent { Emitter = emitter, Timestamp = at.AddMilliseconds(20), SessionId = Session, HandleId = Handle, Owner = JsepOwners.Remote, SdpType = "offer", Sdp = Sdp },
        new IceStateEvent { Emitter = emitter, Timestamp = at.AddMilliseconds(21), SessionId = Session, HandleId = Handle, State = IceStates.Gathering },
        new JsepEvent { Emitter = emitter, Timestamp = at.AddMilliseconds(22), SessionId = Session, HandleId = Handle, Owner = JsepOwners.Local, SdpType = "answer", Sdp = Sdp },
        new IceStateEvent { Emitter = emitter, Timestamp = at.AddMilliseconds(30), SessionId = Session, HandleId = Handle, State = IceStates.Connected },
        new DtlsEvent { Emitter = emitter, Timestamp = at.AddMilliseconds(50), SessionId = Session, HandleId = Handle, State = DtlsStates.Connected },
        new ConnectionEvent { Emitter = emitter, Timestamp = at.AddMilliseconds(62), SessionId = Session, HandleId = Handle, State = ConnectionStates.WebRtcUp },
        .. Receiving(at.AddMilliseconds(70), true),
    ];

    public IEnumerable<JanusEvent> Receiving(DateTimeOffset at, bool receiving) => Each((kind, mid) => new MediaStateEvent
    {
        Emitter = emitter,
        Timestamp = at,
        SessionId = Session,
        HandleId = Handle,
        Media = kind,
        Mid = mid,
        Receiving = receiving,
    });

    /// <summary>The statistics of a second of it.</summary>
    /// <param name="at">When.</param>
    /// <param name="packets">How many packets each medium had so far.</param>
    public IEnumerable<JanusEvent> Statistics(DateTimeOffset at, long packets) => Each((kind, mid) => new MediaStatsEvent
    {
        Emitter = emitter,
        Timestamp = at,
        SessionId = Session,
        HandleId = Handle,
        Media = kind,
        Mid = mid,
        PacketsReceived = packets,
        PacketsSent = packets,
        Rtt = 20,
    });

    public IEnumerable<JanusEvent> HangUp(DateTimeOffset at) =>
        [new ConnectionEvent { Emitter = emitter, Timestamp = at, SessionId = Session, HandleId = Handle, State = ConnectionStates.Hangup, Reason = HangupReasons.DtlsAlert }];

    /// <summary>The end of its session by time-out.</summary>
    public IEnumerable<JanusEvent> TimeOut(DateTimeOffset at) =>
    [
        new SessionEvent { Emitter = emitter, Timestamp = at, SessionId = Session, Name = SessionStates.Timeout },
        new HandleEvent { Emitter = emitter, Timestamp = at.AddMilliseconds(3), SessionId = Session, HandleId = Handle, Name = HandleStates.Detached, Plugin = JanusPlugins.VideoRoom },
    ];

    private static IEnumerable<JanusEvent> Each(Func<string, string, JanusEvent> make) => [make("audio", "0"), make("video", "1")];
}
