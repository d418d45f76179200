using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>
/// From a POST of one event to its answer on a host that has nothing else to do, against a transaction of one row by
/// the same driver. One of each in turn, with a pause before, since an idle machine is slower than a busy one.
/// </summary>
internal sealed class LatencyMeasurement : IMeasurement
{
    private const int MostPairs = 60;
    private const int EventsPerPair = 1000;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    public string Name => "latency";

    public async Task RunAsync(IngestScene scene)
    {
        MariaDbServer server = await scene.ServerAsync();
        MariaDbDatabase database = await server.CreateDatabaseAsync();
        await using SampleHostProcess host = await scene.StartHostAsync(database);
        new LoadGenerator(host.Url, 4, 1, 3).SendFor(scene.Options.RoundTime, scene.Cancellation);

        PostSocket socket = new(host.Url);
        Fleet fleet = new(2000);
        await database.QueryAsync("CREATE TABLE bare (id BIGINT AUTO_INCREMENT PRIMARY KEY, value BIGINT)");
        using DbConnection connection = Driver.Open(database.ConnectionString);
        using DbCommand insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO bare (value) VALUES (@value)";
        DbParameter value = insert.CreateParameter();
        value.ParameterName = "@value";
        value.DbType = DbType.Int64;
        value.Value = 1L;
        insert.Parameters.Add(value);
        insert.Prepare();

        int pairs = Math.Clamp(scene.Options.Events / EventsPerPair, 10, MostPairs);
        List<double> posts = [];
        List<double> commits = [];
        for (int i = -pairs; i < scene.Options.Rounds * pairs; i++)
        {
            byte[] request = PostSocket.Request(host.Url, fleet.NextBody(1));
            await Task.Delay(s_pause, scene.Cancellation);
            double post = Milliseconds(() => socket.Send(request));
            await Task.Delay(s_pause, scene.Cancellation);
            double commit = Milliseconds(() => insert.ExecuteNonQuery());
            if (i < 0)
                continue;

            posts.Add(post);
            commits.Add(commit);
        }

        scene.Table.Add(
            "one event in a POST on an idle host",
            $"{Text(posts)} ms",
            $"{Text(commits)} ms: a transaction of one row",
            new Figures([new Figures(posts).Median / new Figures(commits).Median]),
            "0.00",
            Target.AtMost(3, 2));
    }

    private static string Text(List<double> values)
    {
        Figures figures = new(values);
        return string.Create(CultureInfo.InvariantCulture, $"p50 {figures.Median:0.00}, p99 {figures.Percentile(0.99):0.00}");
    }

    private static double Milliseconds(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
