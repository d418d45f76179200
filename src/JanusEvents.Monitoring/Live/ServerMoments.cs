using JanusEvents.Monitoring.State;
using JanusEvents.Observation;
using Microsoft.Extensions.Hosting;

namespace JanusEvents.Monitoring.Live;

/// <summary>Looks at the servers every ten seconds, so that a page that is opened has the last ten minutes to show.</summary>
internal sealed class ServerMoments(MonitoredServers servers, Observers observers, TimeProvider time) : BackgroundService
{
    private const int Most = 60;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<ServerMoment>> _moments = new(StringComparer.Ordinal);

    public IReadOnlyList<ServerMoment> Read(string? emitter)
    {
        lock (_gate)
            return _moments.TryGetValue(emitter ?? string.Empty, out Queue<ServerMoment>? moments) ? [.. moments] : [];
    }

    /// <summary>How a server is now.</summary>
    public static ServerTraffic TrafficOf(MonitoredServer server)
    {
        ServerTraffic traffic = default;
        foreach (MonitoredSession session in server.OpenSessions)
        {
            foreach (MonitoredHandle handle in session.Handles)
            {
                if (handle.PeerConnection is { EndedAt: 0 } pc)
                    traffic.Add(pc);
            }
        }

        return traffic;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                observers.Run("moments of the servers", static self => self.Take(), this);
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private void Take()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string? emitter, ServerTraffic traffic) in servers.Read(all => all.Select(server => (server.Emitter, TrafficOf(server))).ToList()))
        {
            lock (_gate)
            {
                if (!_moments.TryGetValue(emitter ?? string.Empty, out Queue<ServerMoment>? moments))
                    _moments.Add(emitter ?? string.Empty, moments = new Queue<ServerMoment>(Most));
                if (moments.Count == Most)
                    moments.Dequeue();
                moments.Enqueue(new ServerMoment(now, traffic.Calls, traffic.Loss, traffic.RttMs));
            }
        }
    }
}

/// <summary>The traffic of a server's PeerConnections over the last ten seconds, added up.</summary>
internal struct ServerTraffic
{
    private const int Window = 10_000;

    private LossCounts _loss;
    private long _rtt;
    private int _withRtt;
    private bool _hasMedia;

    public int Calls { get; private set; }

    public readonly double LossIn => _loss.ShareIn;

    public readonly double LossOut => _loss.ShareOut;

    public readonly double? Loss => _hasMedia ? Math.Round(Math.Max(LossIn, LossOut), 4) : null;

    public readonly int? RttMs => _withRtt == 0 ? null : (int)(_rtt / _withRtt);

    /// <summary>Where the last ten seconds of statistics begin, in milliseconds since the first event of the PeerConnection.</summary>
    public static int WindowOf(PeerConnection pc) => (int)Math.Clamp((pc.RoundAt - pc.FirstAt) / 1000, 0, int.MaxValue) - Window;

    public void Add(PeerConnection pc)
    {
        Calls++;
        if (pc.Rtt > 0)
        {
            _rtt += pc.Rtt;
            _withRtt++;
        }

        int from = WindowOf(pc);
        foreach (Medium medium in pc.Media)
        {
            _hasMedia |= medium.Totals.Received + medium.Totals.Sent > 0;
            _loss.Add(medium.LossOfBoth(from));
        }
    }
}
