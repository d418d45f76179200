using System.Text;

namespace JanusEvents.Testing;

/// <summary>Bodies whose events are known by a number: that of the session that each of them says was created.</summary>
public static class NumberedBody
{
    private static readonly JanusEventParser Parser = new();

    /// <summary>The JSON of a body with an event for each number.</summary>
    /// <param name="numbers">The numbers, from 0.</param>
    /// <param name="emitter">The server that sends it.</param>
    /// <param name="name">What is said to have happened to the sessions.</param>
    public static string Json(IEnumerable<long> numbers, string emitter = "a-janus", string name = "created") =>
        $"[{string.Join(',', numbers.Select(n => $$$"""{"emitter":"{{{emitter}}}","type":1,"timestamp":{{{1_795_323_726_312_012 + n}}},"session_id":{{{n}}},"event":{"name":"{{{name}}}"}}"""))}]";

    /// <summary>A body with one event for each number, as it is received.</summary>
    public static ReceivedBody Of(params long[] numbers) => Received(Json(numbers), DateTimeOffset.UtcNow);

    /// <summary>A body with one event that arrives at a certain time.</summary>
    public static ReceivedBody At(DateTimeOffset arrivedAt, long number) => Received(Json([number]), arrivedAt);

    /// <summary>A body with one event that has a certain size.</summary>
    public static ReceivedBody OfSize(long number, int bytes)
    {
        var json = Json([number]);
        return Received(json + new string(' ', bytes - json.Length), DateTimeOffset.UtcNow);
    }

    private static ReceivedBody Received(string json, DateTimeOffset arrivedAt)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        return new ReceivedBody(utf8, Parser.Parse(utf8), arrivedAt, "192.0.2.1");
    }
}
