using System.Diagnostics;
using System.Globalization;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests;

/// <summary>The numbers that docs/retention.md gives: printed, and not judged.</summary>
public abstract class RetentionRateTests(ITestOutputHelper output, TestStores stores) : StoreTests(stores)
{
    private const int Old = 400_000;
    private static readonly TimeSpan s_phase = TimeSpan.FromSeconds(5);
    private readonly ShiftedTime _time = new();
    private int _body;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task How_many_rows_are_deleted_in_a_second_while_as_many_are_written_as_can_be()
    {
        var host = await StartHostAsync(
            o => o.Retention.Tables["stats"] = 1,
            services => services.AddSingleton<TimeProvider>(_time));
        await WriteAsync(host);
        await Store.QueryAsync(
            "INSERT INTO stats (id, session, handle, medium, base, lsr, lostlocal, lostremote, jitterlocal, jitterremote, packetssent, packetsrecv, "
            + "bytessent, bytesrecv, nackssent, nacksrecv, timestamp, emitter, mid, codec) "
            + "SELECT 1000000 + n, 7000000000 + n / 300, 8000000000 + n / 300, 'video', 90000, 12345, 1, 2, 3, 4, 500000, 500001, 70000000, 70000001, 5, 6, "
            + $"'2026-07-01 12:00:00.123456', 'edge', '1', 'vp8' FROM {Store.Numbers(Old)}; UPDATE counters SET next = 5000000");
        await using (host)
            await WriteAsync(host);
        _time.Advance(TimeSpan.FromHours(2));
        var again = await StartHostAsync(
            o => o.Retention.Tables["stats"] = 1,
            services => services.AddSingleton<TimeProvider>(_time));
        await again.RemoveOldAsync();

        var (alone, longest) = await IngestAsync(again, () => false);
        output.WriteLine($"written alone: {alone:0} rows/s, the longest batch took {longest:0} ms");

        _time.Advance(TimeSpan.FromDays(1));
        var before = Removed(again);
        var started = Stopwatch.GetTimestamp();
        var (beside, longestBeside) = await IngestAsync(again, () => Removed(again) >= Old);
        var removed = (Removed(again) - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine($"written beside deleting: {beside:0} rows/s, the longest batch took {longestBeside:0} ms");
        output.WriteLine($"deleted beside writing: {removed:0} rows/s");

        before = Removed(again);
        started = Stopwatch.GetTimestamp();
        await again.RemoveOldAsync();
        output.WriteLine($"deleted alone: {(Removed(again) - before) / Stopwatch.GetElapsedTime(started).TotalSeconds:0} rows/s ({Removed(again) - before} rows)");
        Removed(again).Should().BeGreaterThanOrEqualTo(Old);
    }

    private static long Removed(StoreHost host) => host.Log.From(LogLevel.Debug)
        .Where(line => line.StartsWith("Removed ") && line.EndsWith(" old rows of table stats."))
        .Sum(line => long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));

    private async Task<(double Rate, double Longest)> IngestAsync(StoreHost host, Func<bool> done)
    {
        long rows = 0;
        double longest = 0;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < s_phase && !done())
            longest = Math.Max(longest, await Task.Run(async () => { rows += 1000; return await WriteAsync(host); }));
        return (rows / Stopwatch.GetElapsedTime(started).TotalSeconds, longest);
    }

    /// <summary>Writes a batch of ten bodies with a hundred statistics each.</summary>
    private async Task<double> WriteAsync(StoreHost host)
    {
        var bodies = Enumerable.Range(0, 10).Select(_ => Bodies.Of(
        [
            .. Enumerable.Range(_body++ * 100, 100).Select(n => Bodies.Event(
                32,
                $"\"subtype\":3,{Bodies.OfHandle(n)}",
                "\"mid\":\"1\",\"media\":\"video\",\"codec\":\"vp8\",\"base\":90000,\"lsr\":12345,\"lost\":1,\"lost-by-remote\":2,\"jitter-local\":3,"
                + "\"jitter-remote\":4,\"packets-sent\":500000,\"packets-received\":500001,\"bytes-sent\":70000000,\"bytes-received\":70000001,"
                + "\"nacks-sent\":5,\"nacks-received\":6")),
        ])).ToArray();
        var started = Stopwatch.GetTimestamp();
        await host.WriteAsync(bodies);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
