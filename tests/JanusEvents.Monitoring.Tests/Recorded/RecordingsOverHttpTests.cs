using System.Collections.Concurrent;
using System.Diagnostics;
using JanusEvents.Monitoring.Tests.Hosts;
using JanusEvents.Testing;

namespace JanusEvents.Monitoring.Tests.Recorded;

/// <summary>
/// Each recording through the endpoint of a host of its own with a store: the tables of troubles and of records, and the same from a
/// rebuild. The host's clock is that of the machine, so that the servers' clocks differ from it.
/// </summary>
public sealed class RecordingsOverHttpTests
{
    // What a replay after the day of the recording does by itself, the more so on a busy machine.
    private static readonly string[] s_ofTheReplay = [TroubleCodes.EventsLate, TroubleCodes.ClockSkew, TroubleCodes.ServerSilent];

    // Troubles that end, and calls whose end is certain, a moment after the last event.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(30);

    [Fact]
    public Task Twenty_times_as_fast() => FollowAllAsync(speed: 20, atOnce: 8);

    [Fact]
    [Trait("Category", "Slow")]
    public Task As_they_were_recorded() => FollowAllAsync(speed: 1, atOnce: int.MaxValue);

    [Fact]
    [Trait("Category", "Slow")]
    public Task With_each_body_sent_twice() => FollowAllAsync(speed: 20, atOnce: 8, times: 2);

    private static async Task FollowAllAsync(double speed, int atOnce, int times = 1)
    {
        ConcurrentQueue<string> wrong = [];
        using SemaphoreSlim free = new(atOnce);
        await Task.WhenAll(ExpectedTroubles.Recordings.Intersect(ExpectedRecords.Recordings).Select(async recording =>
        {
            await free.WaitAsync();
            try
            {
                foreach (string fault in await Task.Run(() => FollowAsync(recording, speed, times)))
                    wrong.Enqueue($"{recording}: {fault}");
            }
            finally
            {
                free.Release();
            }
        }));
        string.Join("\n", wrong.Order(StringComparer.Ordinal)).Should().BeEmpty();
    }

    private static async Task<IReadOnlyList<string>> FollowAsync(string recording, double speed, int times)
    {
        using TemporaryFolder folder = new();
        await using StoringHost host = await StoringHost.StartAsync(folder["events.db"]);
        List<string> wrong = [.. await SendAsync(host, recording, speed, times)];
        IReadOnlyList<string> faults = await FaultsOnceSettledAsync(host, recording);
        wrong.AddRange(faults);
        List<Trouble> troubles = await host.TroublesAsync();
        List<PeerConnectionRecord> records = await host.RecordsAsync();

        await host.ExecuteAsync("DELETE FROM troubles; DELETE FROM peerconnections");
        await host.RebuildAsync();

        wrong.AddRange((await FaultsAsync(host, recording)).Select(f => $"rebuilt: {f}"));
        wrong.AddRange(Differences(troubles.Where(IsOfTheCalls).Select(Text), (await host.TroublesAsync()).Where(IsOfTheCalls).Select(Text)));
        wrong.AddRange(Differences(records.Select(Text), (await host.RecordsAsync()).Select(Text)));
        return wrong;
    }

    private static async Task<IReadOnlyList<string>> SendAsync(StoringHost host, string recording, double speed, int times)
    {
        List<string> wrong = [];
        JanusEventParser parser = new(new JanusEventParserOptions { MaxDepth = 4_096 });
        JanusSender sender = new(host.Url);
        DateTimeOffset? first = null;
        long started = Stopwatch.GetTimestamp();
        foreach (RecordedBody body in Recordings.Bodies(recording))
        {
            // Brokers recorded no arrivals: each body came a moment after its newest event.
            DateTimeOffset? arrived = body.ArrivedAt ?? parser.Parse(body.Json).Events.Max(e => e.Timestamp);
            first ??= arrived;
            TimeSpan wait = ((arrived - first) / speed ?? TimeSpan.Zero) - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            for (int i = 0; i < times; i++)
            {
                SentBody sent = await sender.SendAsync(body.Json);
                if (sent.Status != 200)
                    wrong.Add($"a body was answered {sent.Status}");
            }
        }

        return wrong;
    }

    private static async Task<IReadOnlyList<string>> FaultsOnceSettledAsync(StoringHost host, string recording)
    {
        IReadOnlyList<string> faults = [];
        try
        {
            await Wait.UntilAsync(async () => (faults = await FaultsAsync(host, recording)).Count == 0, s_settled, "all that is expected");
        }
        catch (TimeoutException)
        {
            // What is still wrong says more.
        }

        return faults;
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(StoringHost host, string recording) =>
    [
        .. ExpectedTroubles.Faults(recording, [.. (await host.TroublesAsync()).Where(IsOfTheCalls)]),
        .. ExpectedRecords.Faults(recording, await host.RecordsAsync()),
    ];

    private static bool IsOfTheCalls(Trouble trouble) => !s_ofTheReplay.Contains(trouble.Code);

    private static string Text(Trouble t) => $"{t.Code} {t.Id} {t.Severity} {t.Side} {t.Began:O} to {t.Ended:O} by {t.EndedBy}";

    private static string Text(PeerConnectionRecord r) => $"{r with { Media = [], Troubles = [] }} [{string.Join(", ", r.Troubles)}] [{string.Join(", ", r.Media)}]";

    private static IEnumerable<string> Differences(IEnumerable<string> stored, IEnumerable<string> rebuilt)
    {
        HashSet<string> first = [.. stored], second = [.. rebuilt];
        return first.Except(second).Select(t => $"not rebuilt: {t}").Concat(second.Except(first).Select(t => $"only rebuilt: {t}"));
    }
}
