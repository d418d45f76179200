using System.Diagnostics;
using System.Globalization;
using JanusEvents.Monitoring.State;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Monitoring;

/// <summary>What following 10,000 PeerConnections costs: time for each event of their statistics, and memory for each of them.</summary>
internal static class StateBenchmark
{
    /// <summary>The argument that runs it.</summary>
    public const string Verb = "state";

    private const int Calls = 10_000;
    private const int Servers = 10;

    // Until the runtime has compiled for good what runs often.
    private const int Warmup = 40;
    private const int Seconds = 60;
    private static readonly string[] s_media = ["audio", "video"];
    private static readonly DateTimeOffset s_start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);

    public static void Run()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddJanusEvents().AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring();
        using ServiceProvider provider = services.BuildServiceProvider();
        MonitoredServers servers = provider.GetRequiredService<MonitoredServers>();
        List<List<ReceivedBody>> seconds = [.. Enumerable.Range(0, Seconds).Select(Statistics)];
        List<ReceivedBody> setups = Setups();

        long before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (ReceivedBody body in setups)
            servers.Observe(body);
        for (int second = 0; second < Warmup; second++)
            Observe(servers, seconds[second]);
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;

        List<double> nanoseconds = [];
        for (int second = Warmup; second < Seconds; second++)
        {
            long started = Stopwatch.GetTimestamp();
            Observe(servers, seconds[second]);
            nanoseconds.Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds / seconds[second].Sum(b => b.Events.Count));
        }

        nanoseconds.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Calls} PeerConnections on {Servers} servers: {nanoseconds[nanoseconds.Count / 2]:F0} ns an event (median of {nanoseconds.Count} seconds, {nanoseconds[0]:F0} to {nanoseconds[^1]:F0}), {bytes / (double)Calls:F0} bytes a PeerConnection with its session and handle"));
        GC.KeepAlive(setups);
        GC.KeepAlive(seconds);
        GC.KeepAlive(servers);
    }

    private static void Observe(MonitoredServers servers, List<ReceivedBody> bodies)
    {
        foreach (ReceivedBody body in bodies)
            servers.Observe(body);
    }

    private static List<ReceivedBody> Setups() =>
    [
        .. Enumerable.Range(0, Servers).SelectMany(server => Enumerable.Range(0, Calls / Servers).Chunk(20).Select(calls => ReceivedBody.FromEvents(
            [.. calls.SelectMany(call => Setup($"janus-{server}", 1 + (server * 1_000_000L) + call))], s_start))),
    ];

    private static IEnumerable<JanusEvent> Setup(string emitter, long id)
    {
        DateTimeOffset at = s_start;
        yield return new SessionEvent { Emitter = emitter, Timestamp = at, SessionId = id, Name = "created" };
        yield return new HandleEvent { Emitter = emitter, Timestamp = at, SessionId = id, HandleId = id + 500_000, Name = "attached", Plugin = "janus.plugin.videoroom" };
        yield return new ConnectionEvent { Emitter = emitter, Timestamp = at, SessionId = id, HandleId = id + 500_000, State = "webrtcup" };
        foreach (string media in s_media)
            yield return new MediaStateEvent { Emitter = emitter, Timestamp = at, SessionId = id, HandleId = id + 500_000, Media = media, Mid = media == "audio" ? "0" : "1", Receiving = true };
    }

    private static List<ReceivedBody> Statistics(int second) =>
    [
        .. Enumerable.Range(0, Servers).SelectMany(server => Enumerable.Range(0, Calls / Servers).Chunk(25).Select((calls, chunk) => ReceivedBody.FromEvents(
            [
                .. calls.SelectMany(call => s_media.Select(media => new MediaStatsEvent
                {
                    Emitter = $"janus-{server}",
                    Timestamp = s_start.AddSeconds(second + 1).AddMilliseconds(chunk * 20),
                    SessionId = 1 + (server * 1_000_000L) + call,
                    HandleId = 500_001 + (server * 1_000_000L) + call,
                    Media = media,
                    Mid = media == "audio" ? "0" : "1",
                    Rtt = 30 + (second % 3),
                    JitterLocal = 4,
                    JitterRemote = 5,
                    Lost = second,
                    LostByRemote = second,
                    PacketsReceived = 50 * second,
                    PacketsSent = 50 * second,
                    BytesReceived = 50_000 * second,
                    BytesSent = 50_000 * second,
                })),
            ],
            s_start))),
    ];
}
