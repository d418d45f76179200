using System.Globalization;
using JanusEvents.FaultHost;
using JanusEvents.Testing;

namespace JanusEvents.Reliability.Tests.Galera;

/// <summary>
/// Three nodes and the hosts that store into them. One at a time in a process: three servers and their state transfers are enough
/// for a small machine.
/// </summary>
internal sealed class GaleraCluster : IAsyncDisposable
{
    public const string Library = "/usr/lib/galera/libgalera_smm.so";
    private const string UserName = "janus";
    private const string Password = "s3cret-pass";
    private static readonly SemaphoreSlim s_one = new(1);
    private readonly TemporaryFolder _folder = new();
    private readonly List<SampleHostProcess> _hosts = [];
    private readonly List<ChildProcess> _fronts = [];
    private int _databases;

    private GaleraCluster() => Nodes = [.. Enumerable.Range(1, 3).Select(n => new GaleraNode(n, _folder.Path))];

    public IReadOnlyList<GaleraNode> Nodes { get; }

    /// <summary>What the hosts and the proxy print.</summary>
    public string Output => string.Join(Environment.NewLine, [.. _hosts.Select(h => h.Output), .. _fronts.Select(f => f.Output)]);

    public static async Task<GaleraCluster> StartAsync()
    {
        await s_one.WaitAsync();
        GaleraCluster cluster = new();
        try
        {
            // The user that the servers run as has to reach their folders.
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(
                    cluster._folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
            }

            string group = string.Join(',', cluster.Nodes.Select(n => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{n.GroupPort}")));
            await cluster.Nodes[0].InstallAsync(group, like: null);
            await cluster.Nodes[1].InstallAsync(group, cluster.Nodes[0]);
            await cluster.Nodes[2].InstallAsync(group, cluster.Nodes[0]);
            await cluster.Nodes[0].StartAsync(isFirst: true);
            await cluster.Nodes[0].ExecuteAsync(
                $"CREATE USER {UserName}@'127.0.0.1' IDENTIFIED BY '{Password}'; GRANT ALL ON *.* TO {UserName}@'127.0.0.1'");
            await cluster.Nodes[1].StartAsync();
            await cluster.Nodes[2].StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database, which all nodes have, and returns its name.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"janusevents{++_databases}");
        await Nodes[0].ExecuteAsync($"CREATE DATABASE {name}");
        foreach (GaleraNode node in Nodes)
            await Wait.UntilAsync(async () => (await node.QueryAsync($"SHOW DATABASES LIKE '{name}'")).Count == 1, Wait.Limit, $"{node.Name} to have {name}");
        return name;
    }

    /// <summary>Starts a host that answers after the commit.</summary>
    /// <param name="port">Of the node, or of the proxy.</param>
    /// <param name="database">The name of the database.</param>
    public async Task<SampleHostProcess> StartHostAsync(int port, string database)
    {
        SampleHostProcess host = await SampleHostProcess.StartAsync(new SampleHostOptions
        {
            WorkingDirectory = _folder.Path,
            Program = typeof(FaultHostOptions).Assembly.Location,
            Arguments = [string.Create(
                CultureInfo.InvariantCulture,
                $"--MySql=Server=127.0.0.1;Port={port};User ID={UserName};Password={Password};Database={database};SslMode=Disabled")],
        });
        lock (_hosts)
            _hosts.Add(host);
        return host;
    }

    /// <summary>Starts what <c>ops/galera</c> has, the check on each node and the proxy, and returns the proxy's port.</summary>
    public async Task<int> StartProxyAsync()
    {
        string configuration = await File.ReadAllTextAsync(Repository.PathOf("ops", "galera", "haproxy.cfg"));
        string user = await File.ReadAllTextAsync(Repository.PathOf("ops", "galera", "galera-check.sql"));
        await Nodes[0].ExecuteAsync(user);
        for (int i = 0; i < Nodes.Count; i++)
        {
            int port = FreePort.Next();
            string settings = _folder[$"{Nodes[i].Name}-check.cnf"];
            string given = await File.ReadAllTextAsync(Repository.PathOf("ops", "galera", "galera-check.cnf"));
            await File.WriteAllTextAsync(settings, Replace(given, "/run/mysqld/mysqld.sock", Nodes[i].Socket));
            _fronts.Add(ChildProcess.Start(
                [
                    ProgramPath.Require("python3"), Repository.PathOf("ops", "galera", "galera-check"),
                    "--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "--defaults-file", settings,
                ],
                _folder.Path));
            configuration = Replace(
                configuration,
                string.Create(CultureInfo.InvariantCulture, $"10.0.0.{i + 1}:3306 check port 9200"),
                string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Nodes[i].Port} check port {port}"));
        }

        foreach (ChildProcess check in _fronts)
            check.HasExited.Should().BeFalse(check.Output);

        int front = FreePort.Next();
        await File.WriteAllTextAsync(
            _folder["haproxy.cfg"],
            Replace(configuration, "127.0.0.1:3307", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{front}")));
        _fronts.Add(ChildProcess.Start([ProgramPath.Require("haproxy"), "-db", "-f", _folder["haproxy.cfg"]], _folder.Path));
        return front;
    }

    /// <summary>What the check of a node answers.</summary>
    public async Task<(int Status, string Text)> CheckAsync(int node)
    {
        string line = (await File.ReadAllLinesAsync(_folder["haproxy.cfg"])).Single(l => l.Contains($"galera-{node + 1}", StringComparison.Ordinal));
        string port = line.Split("check port ")[1].Split(' ')[0];
        using HttpClient http = new();
        using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
        return ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Trim());
    }

    /// <summary>The numbers that a node has, in the order in which they were stored.</summary>
    public static async Task<IReadOnlyList<long>> StoredAsync(GaleraNode node, string database) =>
        [.. (await node.QueryAsync("SET SESSION wsrep_sync_wait = 1; SELECT session FROM sessions ORDER BY id", database))
            .Select(number => long.Parse(number, CultureInfo.InvariantCulture))];

    public async ValueTask DisposeAsync()
    {
        foreach (SampleHostProcess host in _hosts)
            await host.DisposeAsync();
        foreach (ChildProcess front in _fronts)
            await front.DisposeAsync();
        foreach (GaleraNode node in Nodes)
            await node.DisposeAsync();
        _folder.Dispose();
        s_one.Release();
    }

    private static string Replace(string text, string old, string by)
    {
        text.Should().Contain(old);
        return text.Replace(old, by, StringComparison.Ordinal);
    }
}
