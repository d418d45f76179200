using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>
/// Reading bodies into typed events, against one bare pass of <see cref="Utf8JsonReader"/> over the same bytes. Many
/// short rounds of both in turn, since each lasts only milliseconds.
/// </summary>
internal sealed class ParserMeasurement : IMeasurement
{
    private const int RoundsPerRound = 40;
    private const int WarmUpRounds = 60;

    private readonly JanusEventParser _parser = new();

    public string Name => "parser";

    public Task RunAsync(IngestScene scene)
    {
        Fleet server = new(0);
        Measure(scene, "bodies of 100 events", [.. Enumerable.Range(0, 20).Select(_ => server.NextBody(100))]);
        byte[][] captured = [.. Captures.Bodies(Fleet.Capture).Select(b => b.Json)];
        Measure(scene, "bodies as captured, 1.7 events each", [.. Enumerable.Repeat(captured, 8).SelectMany(b => b)]);
        return Task.CompletedTask;
    }

    private void Measure(IngestScene scene, string bodiesName, byte[][] bodies)
    {
        int events = bodies.Sum(b => _parser.Parse(b).Events.Count);
        List<double> bare = [];
        List<double> parsed = [];
        double allocated = 0;
        for (int i = -WarmUpRounds; i < scene.Options.Rounds * RoundsPerRound; i++)
        {
            scene.Cancellation.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            BarePass(bodies);
            double bareTime = Stopwatch.GetElapsedTime(started).TotalMicroseconds / events;

            long before = GC.GetAllocatedBytesForCurrentThread();
            started = Stopwatch.GetTimestamp();
            Parse(bodies);
            double parsedTime = Stopwatch.GetElapsedTime(started).TotalMicroseconds / events;
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)events;
            if (i < 0)
                continue;

            bare.Add(bareTime);
            parsed.Add(parsedTime);
        }

        scene.Table.Add(
            $"parse {bodiesName}",
            string.Create(CultureInfo.InvariantCulture, $"{new Figures(parsed).Median:0.00} µs an event"),
            string.Create(CultureInfo.InvariantCulture, $"{new Figures(bare).Median:0.00} µs: bare Utf8JsonReader pass"),
            new Figures([Figures.Ratios(parsed, bare).Median]),
            "0.00",
            Target.AtMost(1.5, 1.2));
        scene.Table.Add(
            "the same: allocated",
            string.Create(CultureInfo.InvariantCulture, $"{allocated:0} B an event beyond the body"),
            "",
            new Figures([allocated]),
            "0 B",
            Target.AtMost(500, 300));
    }

    private static int BarePass(byte[][] bodies)
    {
        int tokens = 0;
        foreach (byte[] body in bodies)
        {
            Utf8JsonReader reader = new(body);
            while (reader.Read())
                tokens++;
        }

        return tokens;
    }

    private int Parse(byte[][] bodies)
    {
        int events = 0;
        foreach (byte[] body in bodies)
            events += _parser.Parse(body).Events.Count;
        return events;
    }
}
