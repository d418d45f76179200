using System.Data;
using System.Data.Common;
using System.Globalization;
using JanusEvents.FaultHost;
using JanusEvents.MySql;
using JanusEvents.Testing;
using MySqlConnector;

namespace JanusEvents.Reliability.Tests;

/// <summary>A MariaDB, a folder and a host on one port that may die and come back, and what must hold afterwards.</summary>
internal sealed class Scene : IAsyncDisposable
{
    /// <summary>Enough for a sender to bridge the restart of a host on a busy machine.</summary>
    public const int ManyRetransmissions = 8;

    private static readonly TimeSpan s_limit = Wait.Limit;
    private static readonly string s_program = typeof(FaultHostOptions).Assembly.Location;

    private readonly List<SampleHostProcess> _hosts = [];
    private readonly int _port = FreePort.Next();

    private Scene(Acknowledge acknowledge, MariaDbServer server, MariaDbDatabase database)
    {
        Mode = acknowledge;
        Server = server;
        Database = database;
    }

    public Acknowledge Mode { get; }

    public MariaDbServer Server { get; }

    public MariaDbDatabase Database { get; }

    public TemporaryFolder Folder { get; } = new();

    /// <summary>Where the spool lies, where there is one.</summary>
    public string Spool { get; set; } = "spool.db";

    /// <summary>How the host connects, where that is not as a user who may do everything.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Where the host listens, after a restart too.</summary>
    public Uri Backend => new($"http://127.0.0.1:{_port}/");

    /// <summary>The host that was started last.</summary>
    public SampleHostProcess Host => _hosts[^1];

    public static async Task<Scene> StartAsync(Acknowledge acknowledge, params string[] mariaDbArguments)
    {
        MariaDbServer server = await MariaDbServer.StartAsync(mariaDbArguments);
        try
        {
            return new Scene(acknowledge, server, await server.CreateDatabaseAsync());
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the host, on the same port and spool as before.</summary>
    public Task<SampleHostProcess> StartHostAsync(params string[] faults) => StartHostAsync(_port, Spool, faults);

    /// <summary>Starts a host beside the other.</summary>
    public Task<SampleHostProcess> StartAnotherHostAsync() => StartHostAsync(FreePort.Next(), "another-spool.db", []);

    /// <summary>How to start a host that is not expected to come up.</summary>
    public SampleHostOptions HostOptions(int port, string spool, params string[] faults) => new()
    {
        WorkingDirectory = Folder.Path,
        Program = s_program,
        Port = port,
        Arguments =
        [
            $"--MySql={ConnectionString ?? Database.ConnectionString}",
            .. Mode == Acknowledge.AfterSpool ? new[] { $"--Spool={spool}" } : [],
            .. faults,
        ],
    };

    /// <summary>The numbers in the database, in the order in which they were stored.</summary>
    public async Task<IReadOnlyList<long>> StoredAsync()
    {
        if ((await Database.QueryAsync("SHOW TABLES LIKE 'sessions'")).Count == 0)
            return [];
        IReadOnlyList<string?[]> rows = await Database.QueryAsync("SELECT session FROM sessions ORDER BY id");
        return [.. rows.Select(row => long.Parse(row[0]!, CultureInfo.InvariantCulture))];
    }

    /// <summary>A connection of the test's own, for transactions that stand in the host's way.</summary>
    public async Task<DbConnection> ConnectAsync()
    {
        MySqlConnection connection = new($"{Database.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Waits until some rows are in the database.</summary>
    public async Task UntilStoredAsync(int count)
    {
        await using DbConnection connection = await ConnectAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sessions";
        long stored = 0;
        await Wait.UntilAsync(
            async () => (stored = await CountAsync()) >= count,
            s_limit,
            $"{count} events to be stored",
            () => $"{stored} are. {Host.Output}");

        async Task<long> CountAsync()
        {
            try
            {
                return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
            }
            catch (DbException) when (connection.State == ConnectionState.Open)
            {
                return 0; // The table is not there yet.
            }
        }
    }

    /// <summary>
    /// Every acknowledged event is stored exactly once, nothing is stored that was not sent, and the events of each sender
    /// stand in their order.
    /// </summary>
    /// <param name="loads">The loads, which have ended.</param>
    public async Task ShouldHoldEachAcknowledgedEventOnceAsync(params NumberedLoad[] loads)
    {
        long[] acknowledged = [.. loads.SelectMany(l => l.Acknowledged)];
        acknowledged.Should().NotBeEmpty();
        await UntilStoredAsync(acknowledged.Length);
        (await Host.StopAsync()).Should().Be(0, Host.Output);

        IReadOnlyList<long> stored = await StoredAsync();
        stored.Should().OnlyHaveUniqueItems("nothing is stored twice");
        acknowledged.Except(stored).Should().BeEmpty("nothing that was acknowledged is missing");
        stored.Except(loads.SelectMany(l => l.Sent)).Should().BeEmpty("nothing is stored that was not sent");
        foreach (IGrouping<long, long> sender in stored.GroupBy(NumberedLoad.SenderOf))
            sender.Should().BeInAscendingOrder($"sender {sender.Key} sent them in this order");
        loads.SelectMany(l => l.Bodies).Where(b => b.Delivered).Should().OnlyContain(b => b.Status == 200, "any other answer is a loss that nobody sees");
    }

    /// <summary>As <see cref="ShouldHoldEachAcknowledgedEventOnceAsync"/>, and no sender gave up anything.</summary>
    public Task ShouldHoldEverythingOnceAsync(params NumberedLoad[] loads)
    {
        loads.SelectMany(l => l.Lost).Should().BeEmpty("no sender ran out of retransmissions: {0}", Host.Output);
        return ShouldHoldEachAcknowledgedEventOnceAsync(loads);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SampleHostProcess host in _hosts)
            await host.DisposeAsync();
        await Server.DisposeAsync();
        Folder.Dispose();
    }

    private async Task<SampleHostProcess> StartHostAsync(int port, string spool, string[] faults)
    {
        SampleHostProcess host = await SampleHostProcess.StartAsync(HostOptions(port, spool, faults));
        _hosts.Add(host);
        return host;
    }
}
