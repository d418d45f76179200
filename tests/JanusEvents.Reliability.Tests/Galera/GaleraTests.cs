using System.Diagnostics;
using System.Globalization;
using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests.Galera;

/// <summary>A cluster of three real nodes as the store: each event once and in each server's order, whatever becomes of a node.</summary>
[Trait("Category", "Slow")]
public sealed class GaleraTests(ITestOutputHelper output)
{
    private const int CommonNumbers = 900_000_000;
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(40);

    [FactNeeding(Capabilities.MariaDb | Capabilities.Galera)]
    public async Task Two_hosts_start_at_once_on_an_empty_cluster()
    {
        await using GaleraCluster cluster = await GaleraCluster.StartAsync();
        for (int round = 1; round <= 5; round++)
        {
            string database = await cluster.CreateDatabaseAsync();
            SampleHostProcess[] hosts = await Task.WhenAll(cluster.Nodes.Take(2).Select(node => cluster.StartHostAsync(node.Port, database)));

            SentBody[] sent = await Task.WhenAll(hosts.Select((host, i) => Sender(host).SendAsync(NumberedBody.Json([i + 1], $"janus-{i}"))));
            sent.Should().OnlyContain(s => s.Status == 200, cluster.Output);

            await Wait.UntilAsync(
                async () => (await cluster.Nodes[2].QueryAsync("SHOW FULL TABLES WHERE table_type = 'VIEW'", database)).Count == 4,
                Wait.Limit,
                "the views to be there",
                () => cluster.Output);
            (await GaleraCluster.StoredAsync(cluster.Nodes[2], database)).Should().BeEquivalentTo([1L, 2L]);
            foreach (GaleraNode node in cluster.Nodes)
            {
                (await node.QueryAsync("SELECT state FROM information_schema.processlist")).Should()
                    .NotContain(state => state.Contains("isolation", StringComparison.Ordinal), "nobody waits for a turn that never comes");
            }

            foreach (SampleHostProcess host in hosts)
                (await host.StopAsync()).Should().Be(0, host.Output);
        }

        output.WriteLine("Five times two hosts made tables and views at the same moment on two nodes.");
    }

    [FactNeeding(Capabilities.MariaDb | Capabilities.Galera)]
    public async Task Two_hosts_on_two_nodes_get_common_bodies_and_their_own_at_the_same_moments()
    {
        await using GaleraCluster cluster = await GaleraCluster.StartAsync();
        string database = await cluster.CreateDatabaseAsync();
        SampleHostProcess[] hosts = [await cluster.StartHostAsync(cluster.Nodes[0].Port, database), await cluster.StartHostAsync(cluster.Nodes[1].Port, database)];
        List<long> acknowledged = [];
        List<long> sent = [];
        int common = CommonNumbers;
        NumberedLoad[] own = [.. hosts.Select((host, i) => NumberedLoad.Start(host.Url, senders: 3, firstSender: 1 + (10 * i), retransmissions: 10))];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(pair => Task.Run(() => SendCommonAsync(pair))));
        foreach (NumberedLoad load in own)
            await load.StopAsync();

        long[] all = [.. acknowledged, .. own.SelectMany(l => l.Acknowledged)];
        IReadOnlyList<long> stored = await GaleraCluster.StoredAsync(cluster.Nodes[2], database);
        IReadOnlyList<string> conflicts = await ConflictsAsync(cluster);
        output.WriteLine(
            $"{all.Length} events acknowledged, {acknowledged.Count} of them by two hosts; {all.Except(stored).Count()} missing, " +
            $"{stored.Count - stored.Distinct().Count()} twice; conflicts of the nodes: {string.Join(", ", conflicts)}");
        ShouldHoldOnce(stored, all, [.. sent, .. own.SelectMany(l => l.Sent)]);
        conflicts.Should().Contain(number => number != "0", "the nodes met at the same rows");

        async Task SendCommonAsync(int pair)
        {
            for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < s_together;)
            {
                int last = Interlocked.Add(ref common, 10);
                long[] numbers = [.. Enumerable.Range(last - 9, 10).Select(n => (long)n)];
                string body = NumberedBody.Json(numbers, $"common-{pair}");
                SentBody[] answers = await Task.WhenAll(hosts.Select(host => Sender(host).SendAsync(body)));
                lock (acknowledged)
                {
                    sent.AddRange(numbers);
                    if (answers.Any(a => a.Delivered))
                        acknowledged.AddRange(numbers);
                }
            }
        }
    }

    [FactNeeding(Capabilities.MariaDb | Capabilities.Galera)]
    public Task The_node_that_is_written_to_is_killed() => OutlivesAsync(
        "killed",
        (_, node) => node.KillAsync(),
        (_, node) => node.StartAsync());

    [FactNeeding(Capabilities.MariaDb | Capabilities.Galera)]
    public Task The_node_that_is_written_to_is_frozen() => OutlivesAsync(
        "frozen",
        (_, node) =>
        {
            node.Freeze();
            return Task.CompletedTask;
        },
        async (_, node) =>
        {
            node.Thaw();
            await node.UntilReadyAsync();
        });

    [FactNeeding(Capabilities.MariaDb | Capabilities.Galera)]
    public Task The_node_that_is_written_to_is_cut_off() => OutlivesAsync(
        "cut off",
        async (cluster, node) =>
        {
            await node.CutOffAsync();

            // While the cluster notices, the node may be away for a moment and synced again.
            await Wait.UntilAsync(
                async () => await cluster.CheckAsync(0) is (503, { } text) && text.StartsWith("wsrep_ready is not ON", StringComparison.Ordinal),
                Wait.Limit,
                "the check to say that wsrep_ready is not ON");
        },
        async (_, node) =>
        {
            await node.JoinAgainAsync();
            await node.UntilReadyAsync();
        });

    private async Task OutlivesAsync(string fault, Func<GaleraCluster, GaleraNode, Task> strike, Func<GaleraCluster, GaleraNode, Task> mend)
    {
        await using GaleraCluster cluster = await GaleraCluster.StartAsync();
        string database = await cluster.CreateDatabaseAsync();
        int proxy = await cluster.StartProxyAsync();
        foreach (int node in Enumerable.Range(0, 3))
            await Wait.UntilAsync(async () => await IsUpAsync(cluster, node), Wait.Limit, "the check to pass", () => cluster.Output);
        SampleHostProcess[] hosts = await Task.WhenAll(cluster.StartHostAsync(proxy, database), cluster.StartHostAsync(proxy, database));
        NumberedLoad[] loads = [.. hosts.Select((host, i) => NumberedLoad.Start(host.Url, firstSender: 1 + (10 * i), retransmissions: 10))];
        await UntilAcknowledgedAsync(40);
        TimeSpan usual = LongestWait();

        await strike(cluster, cluster.Nodes[0]);
        await UntilAcknowledgedAsync(80);
        TimeSpan stall = LongestWait();
        (await WritersAsync(cluster.Nodes[1])).Should().BePositive("the backup is written to");
        await mend(cluster, cluster.Nodes[0]);
        await Wait.UntilAsync(
            async () => await WritersAsync(cluster.Nodes[0]) > 0 && await WritersAsync(cluster.Nodes[1]) == 0,
            Wait.Limit,
            "the first node to be written to again, and the backup no longer",
            () => cluster.Output);
        await UntilAcknowledgedAsync(40);
        foreach (NumberedLoad load in loads)
            await load.StopAsync();

        long[] acknowledged = [.. loads.SelectMany(l => l.Acknowledged)];
        IReadOnlyList<long> stored = await GaleraCluster.StoredAsync(cluster.Nodes[1], database);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"The node was {fault}: {acknowledged.Length} events acknowledged, {acknowledged.Except(stored).Count()} missing, " +
            $"{stored.Count - stored.Distinct().Count()} twice; the longest wait for an answer was {usual.TotalSeconds:0.0} s before, " +
            $"{stall.TotalSeconds:0.0} s at the fault, {LongestWait().TotalSeconds:0.0} s in all"));
        loads.SelectMany(l => l.Lost).Should().BeEmpty("no sender ran out of retransmissions: {0}", cluster.Output);
        ShouldHoldOnce(stored, acknowledged, [.. loads.SelectMany(l => l.Sent)]);

        async Task UntilAcknowledgedAsync(int bodies)
        {
            foreach (NumberedLoad load in loads)
                await load.UntilAcknowledgedAsync(bodies, () => cluster.Output);
        }

        TimeSpan LongestWait() => loads.SelectMany(l => l.Waits).Max();
    }

    private static void ShouldHoldOnce(IReadOnlyList<long> stored, IReadOnlyList<long> acknowledged, IReadOnlyList<long> sent)
    {
        acknowledged.Should().NotBeEmpty();
        stored.Should().OnlyHaveUniqueItems("nothing is stored twice");
        acknowledged.Except(stored).Should().BeEmpty("nothing that was acknowledged is missing");
        stored.Except(sent).Should().BeEmpty("nothing is stored that was not sent");
        foreach (IGrouping<long, long> sender in stored.Where(n => n < CommonNumbers).GroupBy(NumberedLoad.SenderOf))
            sender.Should().BeInAscendingOrder($"sender {sender.Key} sent them in this order");
    }

    private static JanusSender Sender(SampleHostProcess host) => new(host.Url, new JanusSenderOptions { MaxRetransmissions = 10 });

    private static async Task<bool> IsUpAsync(GaleraCluster cluster, int node)
    {
        try
        {
            return await cluster.CheckAsync(node) is (200, "synced");
        }
        catch (HttpRequestException)
        {
            return false; // It does not listen yet.
        }
    }

    private static async Task<int> WritersAsync(GaleraNode node) =>
        int.Parse((await node.QueryAsync("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'janus'"))[0], CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<string>> ConflictsAsync(GaleraCluster cluster)
    {
        List<string> all = [];
        foreach (GaleraNode node in cluster.Nodes)
            all.AddRange(await node.QueryAsync("SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_cert_failures', 'wsrep_local_bf_aborts')"));
        return all;
    }
}
