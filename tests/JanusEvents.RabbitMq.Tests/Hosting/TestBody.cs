using System.Text;
using JanusEvents.Testing;

namespace JanusEvents.RabbitMq.Tests.Hosting;

/// <summary>Bodies whose events are known by their numbers.</summary>
internal static class TestBody
{
    private static readonly JanusEventParser s_parser = new();

    public static byte[] Bytes(string emitter, params IEnumerable<long> numbers) => Encoding.UTF8.GetBytes(NumberedBody.Json(numbers, emitter));

    public static ReceivedBody Of(string emitter, params IEnumerable<long> numbers) => Received(Bytes(emitter, numbers));

    public static ReceivedBody Received(byte[] json) =>
        new(json, s_parser.Parse(json), DateTimeOffset.UtcNow, "192.0.2.7");

    /// <summary>A body with events of which each has a certain size.</summary>
    public static ReceivedBody OfSize(int events, int bytes)
    {
        string data = new('x', bytes - 150);
        return Received(Encoding.UTF8.GetBytes(
            $"[{string.Join(',', Enumerable.Range(1, events).Select(n => $$$$"""{"emitter":"a-janus","type":4,"timestamp":{{{{n}}}},"event":{"schema":"s","data":{"n":{{{{n}}}},"x":"{{{{data}}}}"}}}"""))}]"));
    }
}
