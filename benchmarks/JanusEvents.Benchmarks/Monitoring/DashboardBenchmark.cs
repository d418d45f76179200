using System.Diagnostics;
using System.Globalization;
using System.Text;
using JanusEvents.Monitoring.State;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Benchmarks.Monitoring;

/// <summary>
/// What the dashboard costs: its streams with 10,000 PeerConnections in 200 rooms of which 50,000 statistics come each second, the first answers,
/// and a past call among many statistics. The readers are in the same process, so that their part is counted too.
/// </summary>
internal static class DashboardBenchmark
{
    /// <summary>The argument that runs it; the number of rows of statistics may follow.</summary>
    public const string Verb = "dashboard";

    private const int Calls = 10_000;
    private const int Rooms = 200;
    private const int Servers = 10;
    private const int Readers = 20;
    private const int CallSeconds = 3_600;

    // More often than Janus sends statistics: 50,000 a second of two media each.
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(0.4);
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(long rows)
    {
        using TemporaryFolder folder = new();
        string connection = $"Data Source={folder["events.db"]}";
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddJanusEvents().AddSqlite(connection).AddMonitoring();
        await using WebApplication app = builder.Build();
        app.MapJanusEvents("/janus/events");
        app.MapJanusDashboard("/janus");
        await app.StartAsync();
        using HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 100 }) { BaseAddress = new Uri(app.Urls.First()) };
        MonitoredServers servers = app.Services.GetRequiredService<MonitoredServers>();

        await PastCallAsync(app, http, connection, rows);
        await LiveAsync(servers, http);
    }

    private static async Task LiveAsync(MonitoredServers servers, HttpClient http)
    {
        foreach (IEnumerable<int> some in Enumerable.Range(0, Calls).Chunk(20))
            servers.Observe(ReceivedBody.FromEvents([.. some.SelectMany(Setup)], DateTimeOffset.UtcNow));
        using CancellationTokenSource end = new();
        Task sending = SendAsync(servers, end.Token);
        await Task.Delay(s_window / 3);

        long started = Stopwatch.GetTimestamp();
        await http.GetStringAsync("/janus/");
        string overview = await http.GetStringAsync("/janus/data/view?view=overview");
        Print($"First answers (document and overview, {overview.Length / 1000.0:0} KB): {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");

        // With readers first, and once frequently used code is compiled: that is not counted to them.
        long bytes = 0;
        using CancellationTokenSource read = new();
        List<Task> readers = [.. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(http, count => Interlocked.Add(ref bytes, count), read.Token)))];
        await Task.Delay(s_window * 4);
        Interlocked.Exchange(ref bytes, 0);
        double with = await ProcessorAsync();
        double each = bytes / 1000.0 / Readers / s_window.TotalSeconds;
        await read.CancelAsync();
        await Task.WhenAll(readers);
        double without = await ProcessorAsync();
        Print($"{Readers} readers of the overview: {each:0.0} KB/s each, {with - without:0.0} % of a processor together ({without:0.0} % without them, for {Calls * 2 / s_period.TotalSeconds:0} events a second)");
        await end.CancelAsync();
        await sending;
    }

    private static async Task PastCallAsync(WebApplication app, HttpClient http, string connection, long rows)
    {
        if (rows == 0)
            return;
        DateTimeOffset start = DateTimeOffset.UtcNow.AddHours(-2);
        List<JanusEvent> call = [.. Setup(Calls).Select(e => e with { Timestamp = start })];
        for (int second = 1; second <= CallSeconds; second++)
            call.AddRange(Statistics(Calls, second, start.AddSeconds(second)));
        call.Add(new ConnectionEvent { Emitter = "past", Timestamp = start.AddSeconds(CallSeconds + 1), SessionId = Calls + 1, HandleId = Calls + 500_001, State = "hangup", Reason = "Close PC" });
        IBodyDelivery delivery = app.Services.GetRequiredService<IBodyDelivery>();
        foreach (JanusEvent[] some in call.Select(e => e with { Emitter = "past" }).Chunk(100))
            await delivery.DeliverAsync(ReceivedBody.FromEvents(some, DateTimeOffset.UtcNow), CancellationToken.None);
        await Multiply(connection, rows);

        string address = string.Create(CultureInfo.InvariantCulture, $"/janus/data/call?emitter=past&session={Calls + 1}&handle={Calls + 500_001}&number=1");
        List<double> times = [];
        for (int i = 0; i < 7; i++)
        {
            long started = Stopwatch.GetTimestamp();
            string answer = await http.GetStringAsync(address);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (i == 0)
                Print($"A past call of an hour ({CallSeconds * 2} statistics of its own, an answer of {answer.Length / 1000.0:0} KB) among {rows:N0} rows: {times[0]:0} ms the first time");
        }

        times.Sort();
        Print($"and {times[times.Count / 2]:0} ms after that (median of {times.Count})");
    }

    // The rows of the one call again and again, as those of other sessions.
    private static async Task Multiply(string connectionString, long rows)
    {
        await using SqliteConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(name) FROM pragma_table_info('stats') WHERE name NOT IN ('id', 'session')";
        string columns = (string)(await command.ExecuteScalarAsync())!;
        command.CommandTimeout = 1_200;
        command.CommandText = $"""
            WITH RECURSIVE copies (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {rows / (CallSeconds * 2)})
            INSERT INTO stats (id, session, {columns})
            SELECT id + n * 1000000, session + 1000000 + n, {columns} FROM copies CROSS JOIN stats WHERE session = {Calls + 1}
            """;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task SendAsync(MonitoredServers servers, CancellationToken cancellationToken)
    {
        int[][] groups = [.. Enumerable.Range(0, Calls).Chunk(25)];
        using PeriodicTimer timer = new(s_period);
        for (int second = 1; !cancellationToken.IsCancellationRequested; second++)
        {
            foreach (int[] group in groups)
                servers.Observe(ReceivedBody.FromEvents([.. group.SelectMany(call => Statistics(call, second, DateTimeOffset.UtcNow))], DateTimeOffset.UtcNow));
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task ReadAsync(HttpClient http, Action<int> count, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await http.GetStreamAsync("/janus/live?view=overview", cancellationToken);
            byte[] buffer = new byte[65_536];
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and int read)
                count(read);
        }
        catch (OperationCanceledException)
        {
            // The measurement ends.
        }
    }

    private static async Task<double> ProcessorAsync()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        await Task.Delay(s_window);
        return (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(started) * 100;
    }

    private static IEnumerable<JanusEvent> Setup(int call)
    {
        DateTimeOffset at = DateTimeOffset.UtcNow;
        (string emitter, long session, long handle) = KeyOf(call);
        yield return new SessionEvent { Emitter = emitter, Timestamp = at, SessionId = session, Name = "created" };
        yield return new HandleEvent { Emitter = emitter, Timestamp = at, SessionId = session, HandleId = handle, Name = "attached", Plugin = "janus.plugin.videoroom" };
        yield return new PluginEvent
        {
            Emitter = emitter, Timestamp = at, SessionId = session, HandleId = handle, Plugin = "janus.plugin.videoroom",
            Data = new RawJson(Encoding.UTF8.GetBytes($$"""{"event":"joined","room":{{1000 + (call % Rooms)}},"id":{{handle}},"display":"Participant {{call}}"}""")),
        };
        yield return new ConnectionEvent { Emitter = emitter, Timestamp = at, SessionId = session, HandleId = handle, State = "webrtcup" };
        foreach (string media in new[] { "audio", "video" })
            yield return new MediaStateEvent { Emitter = emitter, Timestamp = at, SessionId = session, HandleId = handle, Media = media, Mid = media == "audio" ? "0" : "1", Receiving = true };
    }

    private static IEnumerable<JanusEvent> Statistics(int call, int second, DateTimeOffset at)
    {
        (string emitter, long session, long handle) = KeyOf(call);
        foreach (string media in new[] { "audio", "video" })
        {
            yield return new MediaStatsEvent
            {
                Emitter = emitter,
                Timestamp = at,
                SessionId = session,
                HandleId = handle,
                Media = media,
                Mid = media == "audio" ? "0" : "1",
                Rtt = 30 + ((second + call) % 7),
                JitterLocal = 4,
                JitterRemote = 5,
                Lost = second / 10,
                LostByRemote = second / 10,
                PacketsReceived = 50 * second,
                PacketsSent = 50 * second,
                BytesReceived = 50_000L * second,
                BytesSent = 50_000L * second,
            };
        }
    }

    private static (string Emitter, long Session, long Handle) KeyOf(int call) => ($"janus-{call % Servers}", call + 1, call + 500_001);

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
