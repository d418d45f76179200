namespace JanusEvents.Benchmarks.Monitoring;

/// <summary>The events of calls that are up and send statistics of audio and video every second.</summary>
/// <param name="servers">On how many servers.</param>
/// <param name="calls">How many, of all servers together.</param>
internal sealed class SyntheticCalls(int servers, int calls)
{
    private const int HandleOffset = 500_000;
    private const int CallsPerBody = 25;
    private static readonly string[] s_media = ["audio", "video"];

    private int CallsPerServer => calls / servers;

    /// <summary>The sessions with their handles, without PeerConnections.</summary>
    public IEnumerable<ReceivedBody> Sessions(DateTimeOffset at) => Bodies(
        (emitter, id) =>
        [
            new SessionEvent { Emitter = emitter, Timestamp = at, SessionId = id, Name = "created" },
            new HandleEvent { Emitter = emitter, Timestamp = at, SessionId = id, HandleId = id + HandleOffset, Name = "attached", Plugin = "janus.plugin.videoroom" },
        ],
        at);

    /// <summary>Their set-ups.</summary>
    public IEnumerable<ReceivedBody> SetUps(DateTimeOffset at) => Bodies((emitter, id) => SetUp(emitter, id, at), at);

    /// <summary>The statistics of a second.</summary>
    /// <param name="at">When.</param>
    /// <param name="second">Which second of the calls it is.</param>
    public IEnumerable<ReceivedBody> Statistics(DateTimeOffset at, int second) => Bodies((emitter, id) => s_media.Select(media => new MediaStatsEvent
    {
        Emitter = emitter,
        Timestamp = at.AddMilliseconds((id - 1) / servers * 1_000 / CallsPerServer),
        SessionId = id,
        HandleId = id + HandleOffset,
        Media = media,
        Mid = MidOf(media),
        Rtt = 30 + (second % 3),
        JitterLocal = 4,
        JitterRemote = 5,
        Lost = second,
        LostByRemote = second,
        PacketsReceived = 50 * second,
        PacketsSent = 50 * second,
        BytesReceived = 50_000 * second,
        BytesSent = 50_000 * second,
    }), at);

    /// <summary>The ends of some calls, and the beginnings of as many on the same handles.</summary>
    /// <param name="at">When.</param>
    /// <param name="second">Which second of the calls it is: each has others.</param>
    /// <param name="every">After how many seconds the same ones are it again.</param>
    public IEnumerable<ReceivedBody> Again(DateTimeOffset at, int second, int every) => Bodies(
        (emitter, id) => (id - 1) / servers % every != second % every ? [] :
        [
            new ConnectionEvent { Emitter = emitter, Timestamp = at, SessionId = id, HandleId = id + HandleOffset, State = "hangup", Reason = "DTLS alert" },
            .. SetUp(emitter, id, at.AddMilliseconds(100)),
        ],
        at);

    private static IEnumerable<JanusEvent> SetUp(string emitter, long id, DateTimeOffset at)
    {
        yield return new IceStateEvent { Emitter = emitter, Timestamp = at, SessionId = id, HandleId = id + HandleOffset, State = "gathering" };
        yield return new ConnectionEvent { Emitter = emitter, Timestamp = at, SessionId = id, HandleId = id + HandleOffset, State = "webrtcup" };
        foreach (string media in s_media)
            yield return new MediaStateEvent { Emitter = emitter, Timestamp = at, SessionId = id, HandleId = id + HandleOffset, Media = media, Mid = MidOf(media), Receiving = true };
    }

    private static string MidOf(string media) => media == "audio" ? "0" : "1";

    // As the parser makes them, a moment before they are followed.
    private IEnumerable<ReceivedBody> Bodies(Func<string, long, IEnumerable<JanusEvent>> eventsOf, DateTimeOffset at)
    {
        foreach (int server in Enumerable.Range(0, servers))
        {
            foreach (int[] some in Enumerable.Range(0, CallsPerServer).Chunk(CallsPerBody))
            {
                JanusEvent[] events = [.. some.SelectMany(call => eventsOf($"janus-{server}", 1 + server + ((long)call * servers)))];
                if (events.Length > 0)
                    yield return ReceivedBody.FromEvents(events, at);
            }
        }
    }
}
