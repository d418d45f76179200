using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>
/// Bodies of 100 events from 4 servers to committed rows in MariaDB, with and without the spool, and from many more; beside it
/// the published design and LOAD DATA. Every round measures them one after the other, into empty tables.
/// </summary>
internal sealed class MariaDbMeasurement : IMeasurement
{
    private const int Senders = 4;
    private const int ManySenders = 32;
    private const int EventsPerBody = 100;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    public string Name => "mariadb";

    public async Task RunAsync(IngestScene scene)
    {
        MariaDbServer server = await scene.ServerAsync();
        MariaDbDatabase plain = await server.CreateDatabaseAsync();
        MariaDbDatabase spooled = await server.CreateDatabaseAsync();
        BulkLoad bulk = new(plain, await server.CreateDatabaseAsync(), scene.NewFolder());
        using PublishedDesign published = await PublishedDesign.CreateAsync(server);
        await using SampleHostProcess plainHost = await scene.StartHostAsync(plain);
        await using SampleHostProcess spoolHost = await scene.StartHostAsync(spooled, "spool.db");
        LoadGenerator plainLoad = new(plainHost.Url, Senders, EventsPerBody, EventsPerBody);
        LoadGenerator manyLoad = new(plainHost.Url, ManySenders, EventsPerBody, EventsPerBody);
        LoadGenerator spoolLoad = new(spoolHost.Url, Senders, EventsPerBody, EventsPerBody);

        LoadResult warm = plainLoad.Send(scene.Options.WarmUpEvents, scene.Cancellation);
        await StoredTables.CheckAsync(plain, warm.Events);
        await StoredTables.EmptyAsync(plain);
        warm = manyLoad.Send(scene.Options.WarmUpEvents, scene.Cancellation);
        await StoredTables.CheckAsync(plain, warm.Events);
        using DbConnection connection = Driver.Open(spooled.ConnectionString);
        using DbCommand bodies = connection.CreateCommand();
        bodies.CommandText = "SELECT COUNT(*) FROM hashes"; // a body's hash is committed with its rows
        warm = spoolLoad.Send(scene.Options.WarmUpEvents, scene.Cancellation);
        await UntilCommittedAsync(warm);
        await StoredTables.CheckAsync(spooled, warm.Events);

        List<Round> rounds = [];
        for (int i = 0; i < scene.Options.Rounds; i++)
        {
            EventCost cost = new(server.ProcessId, plainHost.ProcessId);
            double plainRate = await RunAsync(plain, plainLoad, cost, _ => Task.CompletedTask);
            await bulk.PrepareAsync();
            (double bulkOne, double bulkCost) = await bulk.MeasureAsync(1);
            (double bulkAll, _) = await bulk.MeasureAsync(BulkLoad.MaxConnections);
            double publishedRate = published.Store(Math.Max(300, scene.Options.Events / 30), scene.Cancellation);
            EventCost spoolCost = new(server.ProcessId, spoolHost.ProcessId);
            double spoolRate = await RunAsync(spooled, spoolLoad, spoolCost, UntilCommittedAsync);
            EventCost manyCost = new(server.ProcessId, plainHost.ProcessId);
            double manyRate = await RunAsync(plain, manyLoad, manyCost, _ => Task.CompletedTask);
            rounds.Add(new Round(plainRate, spoolRate, manyRate, publishedRate, bulkOne, bulkAll, bulkCost, cost, spoolCost, manyCost));
            scene.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"  {plainRate:0} events/s ({cost}); with spool {spoolRate:0} ({spoolCost}); from {ManySenders} servers {manyRate:0} ({manyCost}); published {publishedRate:0}; LOAD DATA {bulkOne:0}, {bulkAll:0} ({bulkCost:0.0} µs/row)"));
        }

        Figures Of(Func<Round, double> figure) => new(rounds.Select(figure));
        Figures plainFigures = Of(r => r.Plain);
        scene.Table.Add(
            "100 events a POST, 4 senders, to rows in MariaDB",
            $"{plainFigures.ToString("0")} events/s",
            $"{Of(r => r.Published).ToString("0")} rows/s: published design",
            Of(r => r.Plain / r.Published),
            "0.0",
            Target.AtLeast(20, 40));
        scene.Table.Add(
            "the same",
            $"{plainFigures.ToString("0")} events/s",
            $"{Of(r => r.Bulk).ToString("0")} rows/s: LOAD DATA, the better of 1 and {BulkLoad.MaxConnections} connections ({Of(r => r.BulkOne).Median:0}, {Of(r => r.BulkAll).Median:0})",
            Of(r => r.Plain / r.Bulk),
            "0.00",
            Target.AtLeast(0.35, 0.6));
        scene.Table.Add(
            "the same with the spool, to rows in MariaDB",
            $"{Of(r => r.Spool).ToString("0")} events/s",
            "without the spool",
            Of(r => r.Spool / r.Plain),
            "0.00",
            Target.AtLeast(0.7, 0.9));
        scene.Table.Add(
            $"100 events a POST, {ManySenders} senders, to rows in MariaDB",
            $"{Of(r => r.Many).ToString("0")} events/s",
            $"{Of(r => r.Published).ToString("0")} rows/s: published design",
            Of(r => r.Many / r.Published),
            "0.0",
            null);
        AddCost("processor time of an event", r => r.Cost);
        AddCost("the same with the spool", r => r.SpoolCost);
        AddCost($"the same with {ManySenders} senders", r => r.ManyCost);

        void AddCost(string what, Func<Round, EventCost> cost)
        {
            double host = Of(r => cost(r).Host).Median, database = Of(r => cost(r).Database).Median;
            scene.Table.Add(
                what,
                string.Create(CultureInfo.InvariantCulture, $"host {host:0.0} µs, MariaDB {database:0.0} µs"),
                string.Create(CultureInfo.InvariantCulture, $"MariaDB with LOAD DATA {Of(r => r.BulkCost).Median:0.0} µs, and the load generator {Of(r => cost(r).Load).Median:0.0} µs"),
                new Figures([host + database]),
                "0.0 µs",
                null);
        }

        async Task<double> RunAsync(MariaDbDatabase database, LoadGenerator load, EventCost cost, Func<LoadResult, Task> untilCommitted)
        {
            await StoredTables.EmptyAsync(database);
            (LoadResult sent, TimeSpan waited) = await cost.MeasureAsync(async begin =>
            {
                int leastEvents = load.Servers.Count * EventsPerBody;
                LoadResult result = load.Send(Math.Max(scene.Options.Events, leastEvents), scene.Cancellation, begin);
                long answered = Stopwatch.GetTimestamp();
                await untilCommitted(result);
                return (result, Stopwatch.GetElapsedTime(answered));
            });
            await StoredTables.CheckAsync(database, sent.Events);
            return sent.Events / (sent.Elapsed + waited).TotalSeconds;
        }

        Task UntilCommittedAsync(LoadResult sent) => Wait.UntilAsync(
            () => Convert.ToInt64(bodies.ExecuteScalar(), CultureInfo.InvariantCulture) >= sent.Posts,
            s_limit,
            $"{sent.Posts} bodies to be committed");
    }

    private sealed record Round(
        double Plain,
        double Spool,
        double Many,
        double Published,
        double BulkOne,
        double BulkAll,
        double BulkCost,
        EventCost Cost,
        EventCost SpoolCost,
        EventCost ManyCost)
    {
        public double Bulk => Math.Max(BulkOne, BulkAll);
    }
}
