using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.Hosting;

/// <summary>Bodies as a sink gets them, and the events in them as Janus writes them.</summary>
public static class Bodies
{
    /// <summary>2026-07-01T12:00:00.123456Z in Janus's microseconds.</summary>
    public const long Time = 1_782_907_200_123_456;

    private static readonly JanusEventParser s_parser = new();
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static long s_arrived = DateTimeOffset.UtcNow.Ticks;

    /// <summary>A body of some events.</summary>
    public static ReceivedBody Of(params string[] events) => OfText($"[{string.Join(',', events)}]");

    /// <summary>A body that is this text.</summary>
    public static ReceivedBody OfText(string json) => OfBytes(Encoding.UTF8.GetBytes(json));

    /// <summary>A body that is these bytes.</summary>
    public static ReceivedBody OfBytes(byte[] json, string? from = "192.0.2.7") =>
        new(json, s_parser.Parse(json), new DateTimeOffset(Interlocked.Increment(ref s_arrived), TimeSpan.Zero), from);

    /// <summary>The bodies of a capture.</summary>
    public static IEnumerable<ReceivedBody> OfCapture(string name) => Captures.Bodies(name).Select(b => OfBytes(b.Json));

    /// <summary>A session was created.</summary>
    public static string Session(long id, string name = "created", long time = Time) =>
        Event(1, $"\"session_id\":{id}", $"\"name\":{Text(name)}", time);

    /// <summary>A plugin reports this JSON.</summary>
    public static string Plugin(long session, string data, long time = Time) =>
        Event(64, OfHandle(session), $"\"plugin\":\"janus.plugin.test\",\"data\":{data}", time);

    /// <summary>A client or Janus sent this SDP.</summary>
    public static string Sdp(long session, string sdp, string owner = "remote", string type = "offer") =>
        Event(8, OfHandle(session), $"\"owner\":{Text(owner)},\"jsep\":{{\"type\":{Text(type)},\"sdp\":{Text(sdp)}}}");

    /// <summary>An event of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="envelope">Properties of the envelope beside emitter, type, timestamp and event.</param>
    /// <param name="body">The properties of the body.</param>
    /// <param name="time">The timestamp.</param>
    public static string Event(int type, string envelope, string body, long time = Time) =>
        $"{{\"emitter\":\"test\",\"type\":{type},\"timestamp\":{time},{envelope},\"event\":{{{body}}}}}";

    /// <summary>The ids of a handle, for an envelope.</summary>
    public static string OfHandle(long session, long handle = 7) => $"\"session_id\":{session},\"handle_id\":{handle}";

    /// <summary>A text in JSON's quotes.</summary>
    public static string Text(string text) => JsonSerializer.Serialize(text, s_json);
}
