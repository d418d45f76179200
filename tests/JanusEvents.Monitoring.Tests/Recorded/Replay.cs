using JanusEvents.Monitoring.Detection;
using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Monitoring.Tests.Recorded;

/// <summary>Follows a recording with a clock of its own.</summary>
internal sealed class Replay : ITroubleObserver, IEndObserver
{
    private readonly Dictionary<string, Trouble> _troubles = [];

    /// <summary>The PeerConnections that ended, in the order of their ends.</summary>
    public List<PeerConnection> Ended { get; } = [];

    public IReadOnlyList<Trouble> Troubles => [.. _troubles.Values];

    void ITroubleObserver.Changed(Trouble trouble, TroubleChange change) => _troubles[trouble.Id] = trouble;

    void IEndObserver.Ended(MonitoredServer server, PeerConnection pc) => Ended.Add(pc);

    public static async Task<IReadOnlyList<Trouble>> RunAsync(string recording, double speed = 1, int times = 1, TimeSpan late = default, bool ticks = true) =>
        (await FollowAsync(recording, speed, times, late, ticks)).Troubles;

    /// <summary>Follows it.</summary>
    /// <param name="recording">Its name.</param>
    /// <param name="speed">How many times as fast as it was recorded.</param>
    /// <param name="times">How often each body comes.</param>
    /// <param name="late">How much later than it did.</param>
    /// <param name="ticks">Whether time passes between the bodies.</param>
    public static async Task<Replay> FollowAsync(string recording, double speed = 1, int times = 1, TimeSpan late = default, bool ticks = true)
    {
        Replay replay = new();
        TestTime clock = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b =>
            {
                b.Services.AddSingleton<ITroubleObserver>(replay);
                b.Services.AddSingleton<IEndObserver>(replay);
                b.AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring();
            },
            time: clock);
        MonitoredServers servers = host.Services.GetRequiredService<MonitoredServers>();
        JanusEventParser parser = new(new JanusEventParserOptions { MaxDepth = 4_096 });
        DateTimeOffset? first = null;
        HashSet<string> seen = [];
        foreach (RecordedBody body in Recordings.Bodies(recording))
        {
            ParsedBody parsed = parser.Parse(body.Json);
            if (parsed.Events.Count == 0)
                continue;
            DateTimeOffset arrived = body.ArrivedAt ?? parsed.Events.Max(e => e.Timestamp)!.Value.AddMilliseconds(5);
            if (first is null)
                clock.Now = arrived + late;
            first ??= arrived;
            DateTimeOffset at = first.Value + ((arrived - first.Value) / speed) + late;
            Pass(at);
            for (int time = 0; time < times; time++)
            {
                ReceivedBody received = new(body.Json, parsed, at, body.RemoteAddress);
                if (seen.Add(Convert.ToHexString(received.Hash.Span)))
                    servers.Observe(received);
            }
        }

        Pass(clock.Now.AddSeconds(5 / speed));
        return replay;

        void Pass(DateTimeOffset to)
        {
            if (ticks && first is not null && to > first)
            {
                for (DateTimeOffset next = clock.Now.AddMilliseconds(500); next < to; next = next.AddMilliseconds(500))
                {
                    clock.Now = next;
                    servers.Tick();
                }
            }

            clock.Now = to;
        }
    }
}
