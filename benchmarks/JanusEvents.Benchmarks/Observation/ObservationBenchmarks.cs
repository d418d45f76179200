using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using JanusEvents.Observation;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace JanusEvents.Benchmarks.Observation;

/// <summary>
/// What it costs to observe events, without a listener and with OpenTelemetry's: the counting of what comes in, and what is
/// gathered of the servers once a body is stored. A thousand calls, each with statistics of two media in every second, 100
/// events to a body. All figures are per event.
/// </summary>
[MinColumn]
[MemoryDiagnoser]
public class ObservationBenchmarks : IDisposable
{
    private const int Calls = 1_000;
    private const int Seconds = 10;
    private const int Events = Calls * 2 * Seconds;

    private readonly List<ReceivedBody> _bodies = [];
    private ServiceProvider? _services;
    private MeterProvider? _listener;
    private Intake? _intake;
    private DeliveryMetrics? _metrics;
    private StoredBodies? _stored;

    /// <summary>Whether OpenTelemetry listens.</summary>
    [Params(false, true)]
    public bool Listener { get; set; }

    /// <summary>How many events a body has.</summary>
    [Params(1, 100)]
    public int PerBody { get; set; }

    /// <summary>Makes the bodies.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddJanusEvents().AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring();
        _services = services.BuildServiceProvider();
        _intake = _services.GetRequiredService<Intake>();
        _metrics = _services.GetRequiredService<DeliveryMetrics>();
        if (Listener)
            _listener = Sdk.CreateMeterProviderBuilder().AddMeter("JanusEvents").AddReader(new BaseExportingMetricReader(new Nowhere())).Build();
        _stored = _services.GetRequiredService<StoredBodies>();

        DateTimeOffset start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);
        for (int second = 0; second < Seconds; second++)
        {
            List<JanusEvent> events = [];
            for (long call = 1; call <= Calls; call++)
            {
                foreach (string media in new[] { "audio", "video" })
                {
                    events.Add(new MediaStatsEvent
                    {
                        Emitter = "a-janus",
                        Timestamp = start.AddSeconds(second),
                        SessionId = call * 7919,
                        HandleId = call * 104_729,
                        Media = media,
                        Rtt = 30,
                        JitterLocal = 4,
                        JitterRemote = 5,
                        Lost = second,
                        LostByRemote = second,
                        PacketsReceived = 50 * second,
                        PacketsSent = 50 * second,
                    });
                }
            }

            _bodies.AddRange(events.Chunk(PerBody).Select(some => ReceivedBody.FromEvents(some, start)));
        }
    }

    /// <summary>Observes all bodies.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public void Observe()
    {
        foreach (ReceivedBody body in _bodies)
        {
            // Another body each time, as far as its hash tells.
            MemoryMarshal.Cast<byte, long>(MemoryMarshal.AsMemory(body.Hash).Span)[0]++;
            body.IsCounted = false;
            _intake!.Record(body);
            _metrics!.Begin(body);
            _metrics.End(body);
            _stored!.Add(body);
        }
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _listener?.Dispose();
        _services?.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class Nowhere : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
