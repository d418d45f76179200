using System.Text.Json;
using BenchmarkDotNet.Attributes;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Parsing;

/// <summary>
/// Reading bodies of a real Janus into typed events, against the least that any parser must do: one pass of
/// <see cref="Utf8JsonReader"/> over the same bytes. All figures are per event.
/// </summary>
[MemoryDiagnoser]
[MinColumn]
public class ParserBenchmarks
{
    private const int EventsPerInvoke = 1000;

    private readonly JanusEventParser _parser = new();
    private byte[][] _bodies = [];

    /// <summary>The capture that the bodies come from.</summary>
    [Params("02-echotest", "03-videoroom")]
    public string Capture { get; set; } = "";

    /// <summary>Takes the capture's bodies again and again until they hold as many events as an invocation counts.</summary>
    [GlobalSetup]
    public void TakeBodies()
    {
        List<byte[]> bodies = [];
        int events = 0;
        byte[][] captured = [.. Captures.Bodies(Capture).Select(b => b.Json)];
        for (int next = 0; events < EventsPerInvoke; next = (next + 1) % captured.Length)
        {
            int more = _parser.Parse(captured[next]).Events.Count;
            if (events + more > EventsPerInvoke)
                continue;
            bodies.Add(captured[next]);
            events += more;
        }

        _bodies = [.. bodies];
    }

    /// <summary>The bare pass: every token, no value looked at.</summary>
    /// <returns>The number of tokens.</returns>
    [Benchmark(Baseline = true, OperationsPerInvoke = EventsPerInvoke)]
    public int BareReaderPass()
    {
        int tokens = 0;
        foreach (byte[] body in _bodies)
        {
            Utf8JsonReader reader = new(body);
            while (reader.Read())
                tokens++;
        }

        return tokens;
    }

    /// <summary>The parser.</summary>
    /// <returns>The number of events.</returns>
    [Benchmark(OperationsPerInvoke = EventsPerInvoke)]
    public int Parse()
    {
        int events = 0;
        foreach (byte[] body in _bodies)
            events += _parser.Parse(body).Events.Count;
        return events;
    }
}
