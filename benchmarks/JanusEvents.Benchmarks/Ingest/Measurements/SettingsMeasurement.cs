using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>
/// What two settings of Janus itself save, computed from the captured echo test: <c>combine_media_stats</c>, which sends
/// the statistics of all media of a handle in one event, and <c>stats_period</c>, which sends them less often.
/// </summary>
internal sealed class SettingsMeasurement : IMeasurement
{
    private const int RoundsPerRound = 40;
    private const int LongPeriod = 5;

    public string Name => "settings";

    public Task RunAsync(IngestScene scene)
    {
        ReadOnlyMemory<byte>[] all = [.. Captures.Events(Fleet.Capture)];
        List<(ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Body)> statistics = [.. all.Select(e => (e, Statistics(e))).Where(e => e.Item2.Length > 0)];
        int media = statistics.Select(s => Medium(s.Body)).Distinct().Count();
        byte[][] single = [.. statistics.Chunk(media * 20).Select(c => Array(c.Select(s => s.Json)))];
        byte[][] combined = [.. statistics.Chunk(media * 20).Select(c => Array(c.Chunk(media).Select(Combine)))];

        double Total(byte[][] bodies) => bodies.Sum(b => (double)b.Length) / (statistics.Count / (double)media);
        List<double> ratios = [];
        JanusEventParser parser = new();
        for (int i = -RoundsPerRound; i < scene.Options.Rounds * RoundsPerRound; i++)
        {
            double one = Parse(parser, single);
            double other = Parse(parser, combined);
            if (i >= 0)
                ratios.Add(other / one);
        }

        scene.Table.Add(
            "combine_media_stats: bytes for the statistics of a call, each time",
            string.Create(CultureInfo.InvariantCulture, $"{Total(combined):0} B in 1 event"),
            string.Create(CultureInfo.InvariantCulture, $"{Total(single):0} B in {media} events"),
            new Figures([Total(combined) / Total(single)]),
            "0.00",
            null);
        scene.Table.Add("the same: parsing", "1 event", $"{media} events", new Figures([new Figures(ratios).Median]), "0.00", null);

        double others = all.Length - statistics.Count;
        double bytes = all.Sum(e => (double)e.Length);
        double longBytes = bytes - (statistics.Sum(s => (double)s.Json.Length) * (LongPeriod - 1) / LongPeriod);
        double longEvents = others + (statistics.Count / (double)LongPeriod);
        scene.Table.Add(
            string.Create(CultureInfo.InvariantCulture, $"stats_period = {LongPeriod}: events of a call"),
            string.Create(CultureInfo.InvariantCulture, $"{longEvents:0} events, {longBytes / 1000:0} kB"),
            string.Create(CultureInfo.InvariantCulture, $"{all.Length} events, {bytes / 1000:0} kB with 1"),
            new Figures([longEvents / all.Length]),
            "0.00",
            null);
        return Task.CompletedTask;
    }

    private static double Parse(JanusEventParser parser, byte[][] bodies)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (byte[] body in bodies)
            parser.Parse(body);
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    private static byte[] Array(IEnumerable<ReadOnlyMemory<byte>> events) =>
        Encoding.UTF8.GetBytes($"[{string.Join(',', events.Select(e => Encoding.UTF8.GetString(e.Span)))}]");

    /// <summary>The body of a statistics event; empty for another.</summary>
    private static ReadOnlyMemory<byte> Statistics(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        return root.GetProperty("type").GetInt32() == 32 && root.GetProperty("subtype").GetInt32() == 3
            ? Encoding.UTF8.GetBytes(root.GetProperty("event").GetRawText())
            : default(ReadOnlyMemory<byte>);
    }

    private static string? Medium(ReadOnlyMemory<byte> body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("mid").GetString();
    }

    /// <summary>One event with the bodies of several, as Janus sends it.</summary>
    private static ReadOnlyMemory<byte> Combine((ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Body)[] parts)
    {
        string first = Encoding.UTF8.GetString(parts[0].Json.Span);
        string head = first[..(first.LastIndexOf("\"event\":", StringComparison.Ordinal) + "\"event\":".Length)];
        return Encoding.UTF8.GetBytes($"{head}{Encoding.UTF8.GetString(Array(parts.Select(p => p.Body)))}}}");
    }
}
