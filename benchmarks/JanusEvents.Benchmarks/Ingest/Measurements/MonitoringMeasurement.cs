using System.Globalization;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>
/// The same bodies to rows in MariaDB by a host with monitoring and by one without, one after the other, each round the other one
/// first.
/// </summary>
internal sealed class MonitoringMeasurement : IMeasurement
{
    private const int Senders = 4;
    private const int EventsPerBody = 100;

    public string Name => "monitoring";

    public async Task RunAsync(IngestScene scene)
    {
        MariaDbServer server = await scene.ServerAsync();
        await using Side with = await Side.StartAsync(scene, server, isOn: true);
        await using Side without = await Side.StartAsync(scene, server, isOn: false);
        await with.SendAsync(scene.Options.WarmUpEvents);
        await without.SendAsync(scene.Options.WarmUpEvents);

        List<(Measured With, Measured Without)> rounds = [];
        for (int i = 0; i < scene.Options.Rounds; i++)
        {
            Measured? first = i % 2 == 0 ? await with.SendAsync(scene.Options.Events) : null;
            Measured other = await without.SendAsync(scene.Options.Events);
            Measured one = first ?? await with.SendAsync(scene.Options.Events);
            rounds.Add((one, other));
            scene.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"  with monitoring {one.Rate:0} events/s ({one.Cost}), without {other.Rate:0} ({other.Cost})"));
        }

        Figures Of(Func<(Measured With, Measured Without), double> figure) => new(rounds.Select(figure));
        scene.Table.Add(
            "processor time of an event with monitoring",
            $"host {Of(r => r.With.Cost.Host).ToString("0.0")} µs, MariaDB {Of(r => r.With.Cost.Database).ToString("0.0")} µs",
            $"host {Of(r => r.Without.Cost.Host).ToString("0.0")} µs, MariaDB {Of(r => r.Without.Cost.Database).ToString("0.0")} µs: without",
            Of(r => (r.With.Microseconds / r.Without.Microseconds) - 1),
            "+0.0 %;-0.0 %",
            Target.AtMost(0.05, 0.02));
        scene.Table.Add(
            "100 events a POST, 4 senders, with monitoring",
            $"{Of(r => r.With.Rate).ToString("0")} events/s",
            $"{Of(r => r.Without.Rate).ToString("0")} events/s: without",
            Of(r => (r.With.Rate / r.Without.Rate) - 1),
            "+0.0 %;-0.0 %",
            Target.AtLeast(-0.05, -0.02));
    }

    /// <summary>What a round gave.</summary>
    private sealed record Measured(double Rate, EventCost Cost)
    {
        public double Microseconds => Cost.Host + Cost.Database;
    }

    /// <summary>A host with a database and a load of its own.</summary>
    private sealed class Side(IngestScene scene, MariaDbDatabase database, SampleHostProcess host, LoadGenerator load, int server) : IAsyncDisposable
    {
        public static async Task<Side> StartAsync(IngestScene scene, MariaDbServer server, bool isOn)
        {
            MariaDbDatabase database = await server.CreateDatabaseAsync();
            SampleHostProcess host = await scene.StartHostAsync(database, "off", $"--JanusEvents:Monitoring:Enabled={isOn}");
            return new Side(scene, database, host, new LoadGenerator(host.Url, Senders, EventsPerBody, EventsPerBody), server.ProcessId);
        }

        public async Task<Measured> SendAsync(int events)
        {
            EventCost cost = new(server, host.ProcessId);
            (LoadResult sent, _) = await cost.MeasureAsync(
                begin => Task.FromResult((load.Send(Math.Max(events, load.Servers.Count * EventsPerBody), scene.Cancellation, begin), TimeSpan.Zero)));
            await StoredTables.CheckAsync(database, sent.Events);
            await StoredTables.EmptyAsync(database);
            return new Measured(sent.Events / sent.Elapsed.TotalSeconds, cost);
        }

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}
