using System.Globalization;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>The memory of the host at full load: the highest, and whether it still grows in the second half of the time.</summary>
internal sealed class MemoryMeasurement : IMeasurement
{
    private const int Senders = 4;
    private const int EventsPerBody = 100;
    private const int SamplesPerPart = 10;

    public string Name => "memory";

    public async Task RunAsync(IngestScene scene)
    {
        MariaDbServer server = await scene.ServerAsync();
        MariaDbDatabase database = await server.CreateDatabaseAsync();
        await using SampleHostProcess host = await scene.StartHostAsync(database);
        LoadGenerator load = new(host.Url, Senders, EventsPerBody, EventsPerBody);

        // In parts of at most a minute, after each of which the tables are emptied, so that the disk is bounded.
        int parts = (int)Math.Ceiling(scene.Options.MemoryTime.TotalMinutes);
        TimeSpan part = scene.Options.MemoryTime / parts;
        List<(double Minutes, double Megabytes)> samples = [];
        long events = 0;
        double loaded = 0;
        for (int i = 0; i < parts; i++)
        {
            Task<LoadResult> sending = Task.Run(() => load.SendFor(part, scene.Cancellation));
            using PeriodicTimer timer = new(TimeSpan.FromSeconds(Math.Min(1, part.TotalSeconds / SamplesPerPart)));
            long started = System.Diagnostics.Stopwatch.GetTimestamp();
            while (!sending.IsCompleted && await timer.WaitForNextTickAsync())
                samples.Add((loaded + System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMinutes, ProcessUse.ResidentMegabytes(host.ProcessId)));
            LoadResult sent = await sending;
            loaded += sent.Elapsed.TotalMinutes;
            events += sent.Events;
            await StoredTables.CheckAsync(database, sent.Events);
            await StoredTables.EmptyAsync(database);
            scene.Say(string.Create(CultureInfo.InvariantCulture, $"  {samples[^1].Megabytes:0} MB after {loaded:0.0} minutes"));
        }

        Figures memory = new(samples.Select(s => s.Megabytes));
        string growth = samples.Count < 4
            ? "too short to tell its growth"
            : string.Create(CultureInfo.InvariantCulture, $"growing by {Slope([.. samples.Skip(samples.Count / 2)]):0.0} MB a minute in the second half");
        scene.Table.Add(
            "memory of the host at full load",
            string.Create(CultureInfo.InvariantCulture, $"{memory.Median:0} MB at most times, {growth}"),
            string.Create(CultureInfo.InvariantCulture, $"{loaded:0.0} minutes at {events / (loaded * 60):0} events/s"),
            memory,
            "0 MB",
            Target.AtMost(250, 150),
            memory.Percentile(1));
    }

    /// <summary>The slope of the straight line that fits best.</summary>
    private static double Slope(IReadOnlyList<(double X, double Y)> points)
    {
        double meanX = points.Average(p => p.X);
        double meanY = points.Average(p => p.Y);
        return points.Sum(p => (p.X - meanX) * (p.Y - meanY)) / points.Sum(p => (p.X - meanX) * (p.X - meanX));
    }
}
