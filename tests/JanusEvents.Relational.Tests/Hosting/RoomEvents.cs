using System.Globalization;

namespace JanusEvents.Relational.Tests.Hosting;

/// <summary>Events about rooms as Janus writes them, at a second of a day of its own.</summary>
public static class RoomEvents
{
    private static readonly DateTime s_day = new(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The second of a time as the databases print it; null when it is no time of that day.</summary>
    public static string? SecondOf(string time) =>
        DateTime.TryParseExact(time, "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.None, out var t)
            ? (t - s_day).TotalSeconds.ToString(CultureInfo.InvariantCulture)
            : null;

    /// <summary>A plugin reports something; of no handle where there is none.</summary>
    public static string Plugin(string plugin, double second, string data, long? handle = null, string emitter = "one", string? opaqueId = null) =>
        Event(64, second, Ids(handle) + (opaqueId is null ? "" : $",\"opaque_id\":{Bodies.Text(opaqueId)}"), $"\"plugin\":\"janus.plugin.{plugin}\",\"data\":{data}", emitter);

    /// <summary>The VideoRoom reports something of a room and a participant.</summary>
    public static string VideoRoom(double second, string what, string room, string? participant = null, long? handle = null, string more = "", string emitter = "one", string? opaqueId = null) =>
        Plugin("videoroom", second, $"{{\"event\":\"{what}\",\"room\":{room}{(participant is null ? "" : $",\"id\":{participant}")}{more}}}", handle, emitter, opaqueId);

    /// <summary>A handle is attached or detached.</summary>
    public static string Handle(double second, string name, long handle, string plugin = "videoroom", string emitter = "one") =>
        Event(2, second, Ids(handle), $"\"name\":\"{name}\",\"plugin\":\"janus.plugin.{plugin}\"", emitter);

    /// <summary>The session of a handle begins or ends.</summary>
    public static string Session(double second, string name, long ofHandle, string emitter = "one") =>
        Event(1, second, $",\"session_id\":{ofHandle * 100}", $"\"name\":\"{name}\"", emitter);

    /// <summary>A PeerConnection comes up or ends.</summary>
    public static string Connection(double second, string state, long handle, string emitter = "one") =>
        Event(16, second, $",\"subtype\":6{Ids(handle)}", $"\"connection\":\"{state}\"", emitter);

    /// <summary>The server starts or is shut down.</summary>
    public static string Server(double second, string status, string emitter = "one") =>
        Event(256, second, ",\"subtype\":1", $"\"status\":\"{status}\"", emitter);

    /// <summary>Statistics of a medium.</summary>
    public static string Stats(double second, long handle, int packets = 1, string emitter = "one") =>
        Event(32, second, $",\"subtype\":3{Ids(handle)}", $"\"media\":\"audio\",\"packets-received\":{packets}", emitter);

    // Each handle is in a session of its own.
    private static string Ids(long? handle) => handle is null ? "" : $",\"session_id\":{handle * 100},\"handle_id\":{handle}";

    private static string Event(int type, double second, string envelope, string body, string emitter)
    {
        var microseconds = (s_day.AddSeconds(second).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return $"{{\"emitter\":\"{emitter}\",\"type\":{type},\"timestamp\":{microseconds}{envelope},\"event\":{{{body}}}}}";
    }
}
