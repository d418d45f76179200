using System.Text.Json;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Load;

/// <summary>
/// The events of one Janus server with many calls at once, each the captured echo test: the calls are at different
/// moments of it and take turns, so that the events of a body are of as many calls, as those of a busy server are. A
/// call that ends is followed by a new one. No two events are equal.
/// </summary>
internal sealed class Fleet
{
    /// <summary>The capture that a call repeats: of one session, by default an echo test.</summary>
    public static string Capture { get; set; } = "02-echotest";

    /// <summary>How many calls a server has at once.</summary>
    public const int Calls = 500;

    private const long LowestId = 1_000_000_000_000_000;
    private const long MaxId = 9_007_199_254_740_991; // as Janus chooses ids: what JavaScript's numbers hold
    private static readonly Lazy<EventTemplate[]> s_templates = new(ReadTemplates);

    private readonly EventTemplate[] _templates = s_templates.Value;
    private readonly int _server;
    private readonly byte[] _emitter;
    private readonly int[] _next = new int[Calls];
    private readonly int[] _generation = new int[Calls];
    private long _timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
    private int _call;

    /// <summary>Begins with every call at a moment of its own.</summary>
    /// <param name="server">The server's number; different servers share neither name nor ids.</param>
    public Fleet(int server)
    {
        _server = server;
        _emitter = EventTemplate.Emitter(server);
        for (int call = 0; call < Calls; call++)
            _next[call] = ((call * 7919) + (server * 37)) % _templates.Length;
    }

    /// <summary>How many bytes an event of the capture has on average.</summary>
    public static double BytesPerEvent => s_templates.Value.Average(t => t.Length);

    /// <summary>Writes a body of the next events.</summary>
    public byte[] NextBody(int events)
    {
        (EventTemplate Template, long Session, long Handle)[] chosen = new (EventTemplate, long, long)[events];
        int length = events + 1;
        for (int i = 0; i < events; i++)
        {
            chosen[i] = (_templates[_next[_call]], SessionOf(_call), HandleOf(_call));
            length += chosen[i].Template.Length;
            if (++_next[_call] == _templates.Length)
            {
                _next[_call] = 0;
                _generation[_call]++;
            }

            _call = (_call + 1) % Calls;
        }

        byte[] body = GC.AllocateUninitializedArray<byte>(length);
        int at = 0;
        foreach ((EventTemplate template, long session, long handle) in chosen)
        {
            body[at] = (byte)(at == 0 ? '[' : ',');
            template.Write(body.AsSpan(at + 1), _emitter, session, handle, ++_timestamp);
            at += template.Length + 1;
        }

        body[at] = (byte)']';
        return body;
    }

    /// <summary>The ids of a call that is going on, whatever the thread that asks.</summary>
    public (long Session, long Handle) AnyCall()
    {
        int call = Random.Shared.Next(Calls);
        return (SessionOf(call), HandleOf(call));
    }

    private long SessionOf(int call) => Id(call, 0);

    private long HandleOf(int call) => Id(call, 1);

    /// <summary>Spreads the ids over their range, as random ones are.</summary>
    private long Id(int call, int kind)
    {
        ulong number = (((ulong)_generation[call] * Calls) + (ulong)call) << 1 | (uint)kind;
        ulong mixed = (((ulong)_server << 40) + number) * 0x9E3779B97F4A7C15;
        return LowestId + (long)(mixed % (MaxId - LowestId));
    }

    private static EventTemplate[] ReadTemplates()
    {
        // A server that started and stopped within each call would end all its other calls.
        ReadOnlyMemory<byte>[] events = [.. Captures.Events(Capture).Where(e => !IsOfServer(e))];
        long session = Only(events, "session_id");
        long handle = Only(events, "handle_id");
        return [.. events.Select(e => new EventTemplate(e, session, handle))];
    }

    private static bool IsOfServer(ReadOnlyMemory<byte> json)
    {
        using JsonDocument e = JsonDocument.Parse(json);
        return e.RootElement.GetProperty("type").GetInt32() == 256;
    }

    private static long Only(ReadOnlyMemory<byte>[] events, string property) =>
        events.Select(e =>
        {
            using JsonDocument json = JsonDocument.Parse(e);
            return json.RootElement.TryGetProperty(property, out JsonElement id) ? id.GetInt64() : 0;
        }).Where(id => id != 0).Distinct().Single();
}
