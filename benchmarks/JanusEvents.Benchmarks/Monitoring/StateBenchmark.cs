using System.Diagnostics;
using System.Globalization;

namespace JanusEvents.Benchmarks.Monitoring;

/// <summary>
/// What following 10,000 PeerConnections costs: time for each event of their statistics, beside the parsing of the same events, and
/// memory for each of them.
/// </summary>
internal static class StateBenchmark
{
    /// <summary>The argument that runs it.</summary>
    public const string Verb = "state";

    private const int Calls = 10_000;
    private const int Servers = 10;

    // Until the runtime has compiled for good what runs often.
    private const int Warmup = 40;
    private const int Seconds = 60;
    private static readonly DateTimeOffset s_start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);

    public static void Run()
    {
        SyntheticCalls calls = new(Servers, Calls);
        using MonitoringScene scene = new();
        long empty = Bytes();
        scene.Observe(calls.Sessions(s_start));
        long sessions = Bytes();
        scene.Observe(calls.SetUps(s_start));
        List<double> nanoseconds = [];
        for (int second = 1; second <= Seconds; second++)
        {
            IEnumerable<double> took = Measure(scene, calls.Statistics(s_start.AddSeconds(second), second));
            if (second > Warmup)
                nanoseconds.AddRange(took);
            else
                _ = took.Count();
        }

        long all = Bytes();
        nanoseconds.Sort();
        Print($"{Calls} PeerConnections on {Servers} servers: {nanoseconds[nanoseconds.Count / 2]:F0} ns an event (median of {nanoseconds.Count} bodies; a tenth takes less than {nanoseconds[nanoseconds.Count / 10]:F0}, a tenth more than {nanoseconds[nanoseconds.Count * 9 / 10]:F0})");
        Print($"{(all - sessions) / (double)Calls:F0} bytes a PeerConnection with audio and video, {(sessions - empty) / (double)Calls:F0} bytes its session and handle");
        GC.KeepAlive(scene);
    }

    // Each body a moment after it was parsed, as in a host; one by one, so that what else the machine does disturbs a few of them.
    private static IEnumerable<double> Measure(MonitoringScene scene, IEnumerable<ReceivedBody> bodies)
    {
        foreach (ReceivedBody body in bodies)
        {
            long started = Stopwatch.GetTimestamp();
            scene.Servers.Observe(body);
            yield return Stopwatch.GetElapsedTime(started).TotalNanoseconds / body.Events.Count;
        }
    }

    private static long Bytes() => GC.GetTotalMemory(forceFullCollection: true);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
