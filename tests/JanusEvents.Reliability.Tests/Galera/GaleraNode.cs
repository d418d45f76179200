using System.Globalization;
using JanusEvents.Testing;
using MySqlConnector;

namespace JanusEvents.Reliability.Tests.Galera;

/// <summary>A MariaDB that is a node of a cluster on the loopback address.</summary>
internal sealed class GaleraNode(int number, string folder) : IAsyncDisposable
{
    // A state transfer copies the whole server.
    private static readonly TimeSpan s_limit = Wait.Limit * 2;

    private readonly int _stateTransferPort = FreePort.Next();
    private readonly int _incrementalPort = FreePort.Next();
    private ChildProcess? _process;

    /// <summary>The name that it has in the cluster.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"n{number}");

    /// <summary>Where clients connect.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Where the other nodes connect.</summary>
    public int GroupPort { get; } = FreePort.Next();

    public string Folder { get; } = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"n{number}"));

    public string Socket => Path.Combine(Folder, "s");

    public string Log => _process?.Output ?? "";

    private ChildProcess Running => _process ?? throw new InvalidOperationException($"{Name} is stopped.");

    /// <summary>Whoever runs a server as root gets a state transfer whose daemon may not write.</summary>
    private static string[] AsMySql => Environment.UserName == "root"
        ? [ProgramPath.Require("setpriv"), "--reuid=mysql", "--regid=mysql", "--clear-groups"]
        : [];

    /// <summary>Makes its data, and its settings as a node of a cluster.</summary>
    /// <param name="group">All nodes, as <c>gcomm://</c> has them.</param>
    /// <param name="like">A node that was installed and never started; null to install it anew.</param>
    public async Task InstallAsync(string group, GaleraNode? like)
    {
        Directory.CreateDirectory(Folder);
        if (like is not null)
            await ChildProcess.RunAsync(["/bin/cp", "-a", $"{like.Folder}/data", $"{Folder}/data"], s_limit);
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "my.cnf"),
            string.Create(CultureInfo.InvariantCulture, $"""
                [mariadbd]
                datadir={Folder}/data
                socket={Socket}
                pid-file={Folder}/pid
                port={Port}
                bind-address=127.0.0.1
                skip-name-resolve
                character-set-server=utf8mb4
                binlog_format=ROW
                innodb_autoinc_lock_mode=2
                innodb_flush_log_at_trx_commit=2
                innodb_buffer_pool_size=64M
                innodb_log_file_size=16M
                wsrep_on=ON
                wsrep_provider={GaleraCluster.Library}
                wsrep_cluster_name=janusevents
                wsrep_cluster_address=gcomm://{group}
                wsrep_node_name={Name}
                wsrep_node_address=127.0.0.1:{GroupPort}
                wsrep_node_incoming_address=127.0.0.1:{Port}
                wsrep_sst_method=rsync
                wsrep_sst_receive_address=127.0.0.1:{_stateTransferPort}
                wsrep_provider_options="base_host=127.0.0.1;base_port={GroupPort};gmcast.listen_addr=tcp://127.0.0.1:{GroupPort};ist.recv_addr=127.0.0.1:{_incrementalPort};ist.recv_bind=127.0.0.1:{_incrementalPort};gcache.size=64M"

                """));
        if (AsMySql.Length > 0)
            await ChildProcess.RunAsync(["/bin/chown", "-R", "mysql:", Folder], s_limit);
        if (like is not null)
            return;
        await ChildProcess.RunAsync(
            [
                .. AsMySql, ProgramPath.Require("mariadb-install-db"), "--no-defaults", $"--datadir={Folder}/data", $"--tmpdir={Folder}",
                "--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=16M",
            ],
            s_limit);
    }

    /// <summary>Starts it, and waits until it has what the others have.</summary>
    /// <param name="isFirst">Whether it makes the cluster.</param>
    public async Task StartAsync(bool isFirst = false)
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = ChildProcess.Start(
            [.. AsMySql, ProgramPath.Require("mariadbd"), $"--defaults-file={Folder}/my.cnf", .. isFirst ? new[] { "--wsrep-new-cluster" } : []],
            Folder);
        await UntilReadyAsync();
    }

    /// <summary>Waits until it is a synced part of the cluster.</summary>
    public Task UntilReadyAsync() => Wait.UntilAsync(
        async () => Running.HasExited
            ? throw new InvalidOperationException($"{Name} ended:{Environment.NewLine}{Log}")
            : await IsSyncedAsync(),
        s_limit,
        $"{Name} to be synced",
        () => Log);

    public Task KillAsync()
    {
        Running.Send(Signal.Kill);
        return Running.WaitForExitAsync(s_limit);
    }

    public void Freeze() => Running.Send(Signal.Stop);

    public void Thaw() => Running.Send(Signal.Continue);

    /// <summary>Cuts it off from the other nodes, while clients still reach it.</summary>
    public Task CutOffAsync() => ExecuteAsync("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'");

    public Task JoinAgainAsync() => ExecuteAsync("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'");

    public Task ExecuteAsync(string sql) => QueryAsync(sql);

    /// <summary>Runs SQL as root, and returns what the last column of each row has.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string sql, string database = "")
    {
        await using MySqlConnection connection = new(
            $"Server={Socket};ConnectionProtocol=Unix;User ID=root;Database={database};Pooling=false;Allow User Variables=true;Connection Timeout=5;Default Command Timeout=60");
        await connection.OpenAsync();
        await using MySqlCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await using MySqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> values = [];
        do
        {
            while (await reader.ReadAsync())
                values.Add(Convert.ToString(reader.GetValue(reader.FieldCount - 1), CultureInfo.InvariantCulture) ?? "");
        }
        while (await reader.NextResultAsync());
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        Running.Send(Signal.Continue);
        await _process.DisposeAsync();
    }

    private async Task<bool> IsSyncedAsync()
    {
        try
        {
            return (await QueryAsync("SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_local_state_comment')"))
                .Order(StringComparer.Ordinal).SequenceEqual(["ON", "Synced"]);
        }
        catch (MySqlException)
        {
            return false; // It does not listen yet.
        }
    }
}
