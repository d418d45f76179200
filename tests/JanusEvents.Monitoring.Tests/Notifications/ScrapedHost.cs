using System.Net;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>A host with every instrument in use, whose metrics are exported by OpenTelemetry's Prometheus exporter.</summary>
internal sealed class ScrapedHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ScrapedHost(WebApplication application, string address) => (_application, Address) = (application, address);

    /// <summary>Its address and port.</summary>
    public string Address { get; }

    public static async Task<ScrapedHost> StartAsync()
    {
        int port = FreePort.Next();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddJanusEvents().AddMonitoring().AddSink((_, _) => ValueTask.CompletedTask)
            .AddSink((_, _) => throw new IOException("This one never stores."), o => o.Required = false);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("JanusEvents").AddPrometheusExporter());
        WebApplication application = builder.Build();
        application.MapPrometheusScrapingEndpoint();
        await application.StartAsync();
        ScrapedHost host = new(application, $"127.0.0.1:{port}");
        await host.UseAsync(0);
        return host;
    }

    /// <summary>Has events of every kind that is measured.</summary>
    public async Task UseAsync(int round)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow.AddSeconds(20 * round);
        MediaStatsEvent statistics = new()
        {
            Emitter = "edge-7",
            Timestamp = now,
            SessionId = 1,
            HandleId = 2,
            Media = "audio",
            Rtt = 20 + round,
            JitterLocal = 1,
            JitterRemote = 2,
            PacketsReceived = 1000 * (round + 1),
            PacketsSent = 1000 * (round + 1),
            Lost = 10 * round,
            LostByRemote = 20 * round,
        };
        JanusEvent[] events =
        [
            new SessionEvent { Emitter = "edge-7", SessionId = 1, Name = "created" },
            new HandleEvent { Emitter = "edge-7", SessionId = 1, HandleId = 2, Name = "attached", Plugin = JanusPlugins.VideoRoom },
            new ConnectionEvent { Emitter = "edge-7", SessionId = 1, HandleId = 2, State = "webrtcup" },
            statistics,
            statistics with { Timestamp = now.AddSeconds(15), PacketsReceived = 1000 * (round + 2), PacketsSent = 1000 * (round + 2) },
            new IceStateEvent { Emitter = "edge-7", SessionId = 1, HandleId = 3, State = "failed" },
            new DtlsEvent { Emitter = "edge-7", SessionId = 1, HandleId = 3, State = "failed" },
            new SlowLinkEvent { Emitter = "edge-7", SessionId = 1, HandleId = 2, Media = "audio", SlowLink = "uplink" },
            new ConnectionEvent { Emitter = "edge-7", SessionId = 1, HandleId = 4, State = "hangup", Reason = "ICE failed" },
        ];
        await _application.Services.GetRequiredService<IBodyDelivery>().DeliverAsync(ReceivedBody.FromEvents(events, now), CancellationToken.None);
        foreach (ITroubleObserver observer in _application.Services.GetServices<ITroubleObserver>())
        {
            observer.Changed(SampleTroubles.OfCall(round), TroubleChange.Began);
            observer.Changed(SampleTroubles.OfServer(emitter: "edge-9"), TroubleChange.Began);
        }
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
