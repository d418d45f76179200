using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Ingest.Measurements;

/// <summary>
/// Asking for the statistics of a call, and for all its events by <see cref="IEventStore"/>, while bodies come in as
/// fast as they are stored.
/// </summary>
internal sealed class QueryMeasurement : IMeasurement
{
    private const int Senders = 4;
    private const int EventsPerBody = 100;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    public string Name => "query";

    public async Task RunAsync(IngestScene scene)
    {
        MariaDbServer server = await scene.ServerAsync();
        MariaDbDatabase database = await server.CreateDatabaseAsync();
        await using SampleHostProcess host = await scene.StartHostAsync(database);
        LoadGenerator load = new(host.Url, Senders, EventsPerBody, EventsPerBody);
        load.Send(scene.Options.WarmUpEvents, scene.Cancellation);
        await using ServiceProvider services = Store(database);
        IEventStore store = services.GetRequiredService<IEventStore>();

        using DbConnection connection = Driver.Open(database.ConnectionString);
        using DbCommand select = connection.CreateCommand();
        select.CommandText = "SELECT * FROM stats WHERE session = @session AND handle = @handle ORDER BY id";
        DbParameter sessionParameter = Add(select, "@session");
        DbParameter handleParameter = Add(select, "@handle");

        TimeSpan time = scene.Options.RoundTime * 2;
        List<double> statistics = [];
        List<double> events = [];
        List<double> rates = [];
        for (int i = 0; i < scene.Options.Rounds; i++)
        {
            Task<LoadResult> sending = Task.Run(() => load.SendFor(time, scene.Cancellation));
            while (!sending.IsCompleted)
            {
                (long session, long handle) = load.Servers[Random.Shared.Next(Senders)].AnyCall();
                long started = Stopwatch.GetTimestamp();
                sessionParameter.Value = session;
                handleParameter.Value = handle;
                using (DbDataReader reader = await select.ExecuteReaderAsync())
                {
                    while (await reader.ReadAsync())
                    {
                    }
                }

                statistics.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                await Task.Delay(s_pause);

                started = Stopwatch.GetTimestamp();
                await foreach (JanusEvent _ in store.ReadAsync(new EventQuery { SessionId = session, HandleId = handle }))
                {
                }

                events.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                await Task.Delay(s_pause);
            }

            LoadResult sent = await sending;
            rates.Add(sent.Events / sent.Elapsed.TotalSeconds);
        }

        long rows = await StoredTables.CountAsync(database);
        AddLine("statistics of a call while events come in", statistics);
        AddLine("all events of a call by IEventStore, meanwhile", events);

        void AddLine(string what, List<double> times)
        {
            Figures figures = new(times);
            scene.Table.Add(
                what,
                string.Create(CultureInfo.InvariantCulture, $"p50 {figures.Median:0.0}, p99 {figures.Percentile(0.99):0.0} ms ({times.Count} queries)"),
                string.Create(CultureInfo.InvariantCulture, $"at {new Figures(rates).Median:0} events/s, {rows} rows"),
                figures,
                "0.0 ms",
                Target.AtMost(50, 10),
                figures.Percentile(0.99));
        }
    }

    private static DbParameter Add(DbCommand command, string name)
    {
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = DbType.Int64;
        command.Parameters.Add(parameter);
        return parameter;
    }

    private static ServiceProvider Store(MariaDbDatabase database)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddJanusEvents().AddMySql(database.ConnectionString);
        return services.BuildServiceProvider();
    }
}
