using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Benchmarks.Ingest.Measurements;

namespace JanusEvents.Benchmarks.Ingest;

/// <summary>
/// Measures the way of events from the POST to the committed row, and beside it in the same run what limits it, and
/// prints one table with the ratios.
/// </summary>
internal static class IngestCommand
{
    public const string Verb = "ingest";

    private static readonly IReadOnlyList<IMeasurement> s_all =
    [
        new MariaDbMeasurement(),
        new MonitoringMeasurement(),
        new SqliteMeasurement(),
        new SmallPostMeasurement(),
        new ParserMeasurement(),
        new MemoryMeasurement(),
        new LatencyMeasurement(),
        new QueryMeasurement(),
        new SettingsMeasurement(),
    ];

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (IngestOptions.Read(args) is not { } options || options.Only.Any(name => s_all.All(m => m.Name != name)))
        {
            await Console.Error.WriteLineAsync(IngestOptions.Usage);
            return 2;
        }

        Fleet.Capture = options.Capture ?? Fleet.Capture;
        using CancellationTokenSource cancelled = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        ReportTable table = new();
        long started = Stopwatch.GetTimestamp();
        await using IngestScene scene = new(options, table, cancelled.Token);
        try
        {
            foreach (IMeasurement measurement in s_all.Where(m => options.Only.Count == 0 || options.Only.Contains(m.Name)))
            {
                scene.Say($"{measurement.Name} …");
                await measurement.RunAsync(scene);
            }
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return 130;
        }

        Console.WriteLine();
        Console.WriteLine(await scene.DescribeAsync());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Rounds} rounds of {options.Events:N0} events; median (lowest–highest). It took {Stopwatch.GetElapsedTime(started).TotalMinutes:0.0} minutes."));
        Console.WriteLine();
        table.Write(Console.Out);
        return 0;

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancelled.Cancel();
        }
    }
}
