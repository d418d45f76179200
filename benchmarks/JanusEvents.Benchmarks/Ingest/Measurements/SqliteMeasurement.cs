using System.Globalization;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>Bodies of 100 events from 4 servers to committed rows in SQLite, against bare prepared INSERTs of the same rows.</summary>
internal sealed class SqliteMeasurement : IMeasurement
{
    private const int Senders = 4;
    private const int EventsPerBody = 100;

    public string Name => "sqlite";

    public async Task RunAsync(IngestScene scene)
    {
        string folder = scene.NewFolder();
        await using SampleHostProcess host = await SampleHostProcess.StartAsync(folder, "--JanusEvents:Spool=off");
        LoadGenerator load = new(host.Url, Senders, EventsPerBody, EventsPerBody);
        LoadResult warm = load.Send(scene.Options.WarmUpEvents, scene.Cancellation);
        using BareSqlite bare = new(Path.Combine(folder, "janusevents.db"), Path.Combine(folder, "bare.db"));
        Store(warm);

        // Both files grow alike.
        List<double> stored = [];
        List<double> inserted = [];
        for (int i = 0; i < scene.Options.Rounds; i++)
        {
            LoadResult sent = load.Send(scene.Options.Events, scene.Cancellation);
            stored.Add(sent.Events / sent.Elapsed.TotalSeconds);
            inserted.Add(Store(sent));
            scene.Say(string.Create(CultureInfo.InvariantCulture, $"  {stored[^1]:0} events/s; bare {inserted[^1]:0}"));
        }

        scene.Table.Add(
            "100 events a POST, 4 senders, to rows in SQLite",
            $"{new Figures(stored).ToString("0")} events/s",
            $"{new Figures(inserted).ToString("0")} rows/s: bare prepared INSERTs",
            Figures.Ratios(stored, inserted),
            "0.00",
            Target.AtLeast(0.7, 0.9));

        double Store(LoadResult sent)
        {
            BareSqlite.Work work = bare.ReadNext();
            return work.Rows == sent.Events
                ? bare.Store(work)
                : throw new InvalidOperationException($"{sent.Events} events were sent, but {work.Rows} rows are stored.");
        }
    }
}
