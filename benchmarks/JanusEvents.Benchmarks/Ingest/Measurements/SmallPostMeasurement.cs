using System.Globalization;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>Bodies of 1 to 3 events from 64 servers, against the same endpoint with a sink that stores nothing.</summary>
internal sealed class SmallPostMeasurement : IMeasurement
{
    private const int Senders = 64;
    private const int LargestBody = 3;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(10);

    public string Name => "small";

    public async Task RunAsync(IngestScene scene)
    {
        MariaDbServer server = await scene.ServerAsync();
        MariaDbDatabase database = await server.CreateDatabaseAsync();
        await using SampleHostProcess storing = await scene.StartHostAsync(database);
        await using SampleHostProcess nothing = await NothingHost.StartAsync(scene.NewFolder());
        LoadGenerator storingLoad = new(storing.Url, Senders, 1, LargestBody);
        LoadGenerator nothingLoad = new(nothing.Url, Senders, 1, LargestBody);

        storingLoad.SendFor(s_warmUp, scene.Cancellation);
        nothingLoad.SendFor(s_warmUp, scene.Cancellation);
        List<double> stored = [];
        List<double> received = [];
        for (int i = 0; i < scene.Options.Rounds; i++)
        {
            await StoredTables.EmptyAsync(database);
            LoadResult sent = storingLoad.SendFor(scene.Options.RoundTime, scene.Cancellation);
            await StoredTables.CheckAsync(database, sent.Events);
            stored.Add(sent.Posts / sent.Elapsed.TotalSeconds);
            sent = nothingLoad.SendFor(scene.Options.RoundTime, scene.Cancellation);
            received.Add(sent.Posts / sent.Elapsed.TotalSeconds);
            scene.Say(string.Create(CultureInfo.InvariantCulture, $"  {stored[^1]:0} POSTs/s stored, {received[^1]:0} received"));
        }

        scene.Table.Add(
            "1 to 3 events a POST, 64 senders, to rows in MariaDB",
            $"{new Figures(stored).ToString("0")} POSTs/s",
            $"{new Figures(received).ToString("0")} POSTs/s: a sink that stores nothing",
            Figures.Ratios(stored, received),
            "0.00",
            Target.AtLeast(0.6, 0.85));
    }
}
