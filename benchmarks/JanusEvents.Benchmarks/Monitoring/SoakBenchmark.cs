using System.Diagnostics;
using System.Globalization;
using JanusEvents.Benchmarks.Ingest;

namespace JanusEvents.Benchmarks.Monitoring;

/// <summary>
/// Follows 10,000 PeerConnections on 200 servers in real time, of which some end and begin again every second, and prints once a
/// minute how much memory that takes.
/// </summary>
internal static class SoakBenchmark
{
    /// <summary>The argument that runs it, before <c>--minutes N</c>.</summary>
    public const string Verb = "soak";

    private const int Calls = 10_000;
    private const int Servers = 200;
    private const double MostMinutes = 60;

    public static int Run(IReadOnlyList<string> args)
    {
        double minutes = 1;
        if (args is not [] && !(args is ["--minutes", { } text] && double.TryParse(text, CultureInfo.InvariantCulture, out minutes) && minutes is > 0 and <= MostMinutes))
        {
            Console.Error.WriteLine($"usage: JanusEvents.Benchmarks {Verb} [--minutes N]   (1; at most {MostMinutes})");
            return 2;
        }

        SyntheticCalls calls = new(Servers, Calls);
        using MonitoringScene scene = new();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        long empty = GC.GetTotalMemory(forceFullCollection: true);
        scene.Observe(calls.Sessions(start));
        scene.Observe(calls.SetUps(start));
        Stopwatch time = Stopwatch.StartNew();
        int printed = -1;
        for (int second = 1; time.Elapsed.TotalMinutes < minutes; second++)
        {
            scene.Observe(calls.Statistics(start.AddSeconds(second), second));
            scene.Observe(calls.Again(start.AddSeconds(second + 0.5), second, every: 50));
            scene.Servers.Tick();
            if (printed < (int)time.Elapsed.TotalMinutes)
            {
                printed = (int)time.Elapsed.TotalMinutes;
                Print(printed, second, empty);
            }

            // As fast as the calls go on, and no faster: absence is judged by the host's clock too.
            TimeSpan early = TimeSpan.FromSeconds(second) - time.Elapsed;
            if (early > TimeSpan.Zero)
                Thread.Sleep(early);
        }

        Print(minutes, (int)time.Elapsed.TotalSeconds, empty);
        return 0;
    }

    private static void Print(double minute, int seconds, long empty) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"minute {minute:0.##}: {(GC.GetTotalMemory(forceFullCollection: true) - empty) / 1e6:F1} MB held by the state, {ProcessUse.ResidentMegabytes(Environment.ProcessId):F0} MB resident, {seconds} seconds of {Calls} PeerConnections on {Servers} servers"));
}
