using System.Diagnostics;
using System.Globalization;
using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>
/// Three RabbitMQ nodes, two receiving hosts, two writers and a MariaDB, under load from eight senders that behave as Janus does: every
/// acknowledged number is stored once, in its sender's order, whatever is killed.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ClusterTests(ClusterFixture fixture, ITestOutputHelper output) : IClassFixture<ClusterFixture>, IAsyncDisposable
{
    private const int ManyRetransmissions = 10;

    private readonly string _name = BrokerFixture.NewName();
    private readonly TemporaryFolder _folder = new();
    private readonly List<SampleHostProcess> _hosts = [];
    private readonly int[] _ports = [FreePort.Next(), FreePort.Next()];
    private MariaDbDatabase? _database;

    private MariaDbDatabase Database => _database!;

    [FactNeeding(Capabilities.RabbitMq | Capabilities.MariaDb)]
    public async Task The_node_with_the_leader_is_killed()
    {
        RabbitMqServer cluster = await fixture.ClusterAsync();
        await StartAllAsync(cluster);
        NumberedLoad[] loads = await StartLoadsAsync();
        int leader = LeaderOf(cluster);

        long began = Stopwatch.GetTimestamp();
        await cluster.KillNodeAsync(leader);
        await UntilAcknowledgedAsync(loads, 30);
        TimeSpan stall = Stopwatch.GetElapsedTime(began);
        await cluster.StartNodeAsync(leader);

        await ShouldHoldAsync(loads, $"leader killed; 30 more bodies of each host were acknowledged after {stall.TotalSeconds:0.0} s");
    }

    [FactNeeding(Capabilities.RabbitMq | Capabilities.MariaDb)]
    public async Task A_writer_is_killed()
    {
        RabbitMqServer cluster = await fixture.ClusterAsync();
        await StartAllAsync(cluster);
        NumberedLoad[] loads = await StartLoadsAsync();

        await _hosts[2].KillAsync();
        await UntilAcknowledgedAsync(loads, 60);
        await StartWriterAsync(cluster);
        await UntilAcknowledgedAsync(loads, 60);
        await _hosts[3].KillAsync();
        await UntilAcknowledgedAsync(loads, 60);

        await ShouldHoldAsync(loads, "two writers killed one after the other");
    }

    [FactNeeding(Capabilities.RabbitMq | Capabilities.MariaDb)]
    public async Task A_receiving_host_is_killed()
    {
        RabbitMqServer cluster = await fixture.ClusterAsync();
        await StartAllAsync(cluster);
        NumberedLoad[] loads = await StartLoadsAsync();

        await _hosts[0].KillAsync();
        await UntilAcknowledgedAsync(loads[1..], 30);
        await StartReceivingAsync(cluster, 0);
        await UntilAcknowledgedAsync(loads, 30);

        await ShouldHoldAsync(loads, "receiving host killed");
    }

    [FactNeeding(Capabilities.RabbitMq | Capabilities.MariaDb)]
    public async Task The_database_is_away_while_bodies_pile_up_in_the_buffer()
    {
        RabbitMqServer cluster = await fixture.ClusterAsync();
        MariaDbServer server = await fixture.DatabaseAsync();
        await StartAllAsync(cluster);
        NumberedLoad[] loads = await StartLoadsAsync();

        await server.StopAsync();
        await UntilAcknowledgedAsync(loads, 500);
        await server.StartAgainAsync();
        await UntilAcknowledgedAsync(loads, 30);

        await ShouldHoldAsync(loads, "database away");
    }

    [FactNeeding(Capabilities.RabbitMq | Capabilities.MariaDb)]
    public async Task Two_writers_and_one_store_what_has_piled_up()
    {
        const int Bodies = 60;
        const int Events = 100;
        RabbitMqServer cluster = await fixture.ClusterAsync();
        foreach (int writers in new[] { 1, 2 })
        {
            _database = await (await fixture.DatabaseAsync()).CreateDatabaseAsync();
            string name = $"{_name}-{writers}";
            await using TestHost buffer = await TestHost.StartAsync(builder => builder.AddRabbitMqBuffer(options => (options.Uri, options.Name) = (cluster.Uri, name)));
            long began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(1, 8).Select(async sender =>
            {
                for (int body = 0; body < Bodies; body++)
                    await buffer.DeliverAsync(TestBody.Of($"janus-{sender}", Enumerable.Range((body * Events) + 1, Events).Select(n => (sender * 1_000_000L) + n)));
            }));
            TimeSpan published = Stopwatch.GetElapsedTime(began);

            List<SampleHostProcess> started = [];
            for (int writer = 0; writer < writers; writer++)
                started.Add(await StartWriterAsync(cluster, name));
            const int All = 8 * Bodies * Events;
            long first = 0;
            long storedBefore = 0;
            await Wait.UntilAsync(
                async () =>
                {
                    long stored = await CountAsync();
                    if (stored > 0 && first == 0)
                        (first, storedBefore) = (Stopwatch.GetTimestamp(), stored);
                    return stored == All;
                },
                Wait.Limit,
                $"{All} events to be stored",
                () => started[0].Output);
            double seconds = Stopwatch.GetElapsedTime(first).TotalSeconds;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"published {All / published.TotalSeconds:0} events/s; {writers} writer(s) stored {(All - storedBefore) / seconds:0} events/s ({All} events, bodies of {Events}, 8 servers)"));
            foreach (SampleHostProcess host in started)
                (await host.StopAsync()).Should().Be(0, host.Output);
            (await StoredAsync()).Should().OnlyHaveUniqueItems().And.HaveCount(All);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SampleHostProcess host in _hosts)
            await host.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAllAsync(RabbitMqServer cluster)
    {
        _database = await (await fixture.DatabaseAsync()).CreateDatabaseAsync();
        for (int host = 0; host < 2; host++)
            await StartReceivingAsync(cluster, host);
        for (int writer = 0; writer < 2; writer++)
            await StartWriterAsync(cluster);
    }

    private async Task StartReceivingAsync(RabbitMqServer cluster, int host) => _hosts.Add(await SampleHostProcess.StartAsync(new SampleHostOptions
    {
        WorkingDirectory = _folder.Path,
        Port = _ports[host],
        Arguments = ["--JanusEvents:Store=None", $"--JanusEvents:RabbitMq:Buffer:Uri={cluster.Uri}", $"--JanusEvents:RabbitMq:Buffer:Name={_name}"],
    }));

    private async Task<SampleHostProcess> StartWriterAsync(RabbitMqServer cluster, string? name = null)
    {
        _hosts.Add(await SampleHostProcess.StartAsync(new SampleHostOptions
        {
            WorkingDirectory = _folder.Path,
            Arguments =
            [
                "--JanusEvents:Store=MySql", $"--ConnectionStrings:JanusEvents={Database.ConnectionString}",
                $"--JanusEvents:RabbitMq:Writer:Uri={cluster.Uri}", $"--JanusEvents:RabbitMq:Writer:Name={name ?? _name}",
            ],
        }));
        return _hosts[^1];
    }

    /// <summary>Four senders to each receiving host, once both writers store.</summary>
    private async Task<NumberedLoad[]> StartLoadsAsync()
    {
        NumberedLoad[] loads = [.. _ports.Select((port, host) => NumberedLoad.Start(new Uri($"http://127.0.0.1:{port}/"), senders: 4, firstSender: 1 + (4 * host), ManyRetransmissions))];
        await UntilAcknowledgedAsync(loads, 20);
        await Wait.UntilAsync(async () => await CountAsync() > 0, Wait.Limit, "something to be stored", Output);
        return loads;
    }

    private Task UntilAcknowledgedAsync(NumberedLoad[] loads, int more) => Task.WhenAll(loads.Select(load => load.UntilAcknowledgedAsync(more, Output)));

    private string Output() => string.Join("\n----\n", _hosts.Select(host => host.Output));

    private async Task ShouldHoldAsync(NumberedLoad[] loads, string what)
    {
        await Task.WhenAll(loads.Select(load => load.StopAsync()));
        long[] acknowledged = [.. loads.SelectMany(load => load.Acknowledged)];
        await Wait.UntilAsync(async () => await CountAsync() >= acknowledged.Length, Wait.Limit, $"{acknowledged.Length} events to be stored", Output);

        IReadOnlyList<long> stored = await StoredAsync();
        output.WriteLine($"{what}: {acknowledged.Length} events acknowledged, {acknowledged.Except(stored).Count()} missing, {stored.Count - stored.Distinct().Count()} twice, longest POST {loads.SelectMany(load => load.Waits).Max().TotalSeconds:0.0} s");
        acknowledged.Except(stored).Should().BeEmpty("nothing that was acknowledged is missing");
        stored.Should().OnlyHaveUniqueItems("nothing is stored twice");
        stored.Except(loads.SelectMany(load => load.Sent)).Should().BeEmpty("nothing is stored that was not sent");
        foreach (IGrouping<long, long> sender in stored.GroupBy(NumberedLoad.SenderOf))
            sender.Should().BeInAscendingOrder($"sender {sender.Key} sent them in this order");
        loads.SelectMany(load => load.Lost).Should().BeEmpty("no sender ran out of retransmissions: {0}", Output());
    }

    /// <summary>The node that the first host went to: it declared the queues there, and a queue's leader begins where it is declared.</summary>
    private int LeaderOf(RabbitMqServer cluster)
    {
        string connected = _hosts[0].Lines.First(line => line.Contains("The RabbitMQ buffer is connected to", StringComparison.Ordinal));
        return Enumerable.Range(0, cluster.Nodes).Single(node => connected.Contains($":{cluster.PortOf(node)}", StringComparison.Ordinal));
    }

    private async Task<long> CountAsync() =>
        (await Database.QueryAsync("SHOW TABLES LIKE 'sessions'")).Count == 0 ? 0
        : long.Parse((await Database.ValueAsync("SELECT COUNT(*) FROM sessions"))!, CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<long>> StoredAsync() =>
        [.. (await Database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(row => long.Parse(row[0]!, CultureInfo.InvariantCulture))];
}
