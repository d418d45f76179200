using System.Globalization;

namespace JanusEvents.Testing;

/// <summary>
/// A private RabbitMQ of one or more nodes, as Debian packages it: its data in a temporary folder, its ports free ones of the loopback
/// address, with an Erlang port mapper of its own.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    // The one in /usr/sbin changes the user.
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string Control = "/usr/lib/rabbitmq/bin/rabbitmqctl";

    private static readonly TimeSpan s_startLimit = Wait.Limit;

    private readonly TemporaryFolder _folder = new();
    private readonly int _portMapper = FreePort.Next();
    private readonly Node[] _nodes;
    private string[] _settings = [];
    private string _erlangArguments = "";
    private ChildProcess? _mapper;

    private RabbitMqServer(int nodes) =>
        _nodes = [.. Enumerable.Range(1, nodes).Select(number => new Node(number, FreePort.Next(), FreePort.Next(), FreePort.Next()))];

    /// <summary>Why there is none on this machine; null where there is one.</summary>
    public static string? WhatIsMissing { get; } =
        File.Exists(Program) && ProgramPath.Find("epmd") is not null ? null : "rabbitmq-server is not installed (Debian package rabbitmq-server)";

    /// <summary>The number of nodes.</summary>
    public int Nodes => _nodes.Length;

    /// <summary>The folder of its files.</summary>
    public string Folder => _folder.Path;

    /// <summary>The address for clients, with all nodes.</summary>
    public string Uri => $"amqp://guest:guest@{string.Join(',', _nodes.Select(node => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port}")))}/%2F";

    /// <summary>The port of a node, counted from 0.</summary>
    public int PortOf(int node) => _nodes[node].Port;

    /// <summary>The port for TLS of a node, where the settings name its certificate.</summary>
    public int SecurePortOf(int node) => _nodes[node].SecurePort;

    /// <summary>What a node wrote so far.</summary>
    public string Log(int node) => _nodes[node].Process?.Output ?? "";

    /// <summary>Starts a broker.</summary>
    /// <param name="nodes">How many nodes its cluster has.</param>
    /// <param name="prepare">Writes files into its folder, and returns lines of its configuration file.</param>
    /// <param name="erlangArguments">Arguments of the Erlang machine, for settings that the configuration file does not have.</param>
    public static async Task<RabbitMqServer> StartAsync(int nodes = 1, Func<string, string[]>? prepare = null, string erlangArguments = "")
    {
        RabbitMqServer server = new(nodes) { _erlangArguments = erlangArguments };
        server._settings = prepare?.Invoke(server.Folder) ?? [];
        try
        {
            server._mapper = ChildProcess.Start(
                [ProgramPath.Require("epmd"), "-port", $"{server._portMapper}", "-address", "127.0.0.1"], server.Folder);

            // The others join the first, one after the other: at once, they wait for each other.
            for (int node = 0; node < nodes; node++)
                await server.StartNodeAsync(node).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts a node, or starts it again on the same data and ports.</summary>
    public async Task StartNodeAsync(int node)
    {
        Node started = _nodes[node];
        string home = _folder[started.Name];
        Directory.CreateDirectory(home);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "empty"), "").ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "plugins"), "[].\n").ConfigureAwait(false);
        await File.WriteAllLinesAsync(Path.Combine(home, "rabbitmq.conf"), SettingsOf(started)).ConfigureAwait(false);
        started.Process = ChildProcess.Start([Program], _folder.Path, inside: null, VariablesOf(started));
        await started.Process.WaitForLineAsync(line => line.Contains(" completed with ", StringComparison.Ordinal), s_startLimit, "RabbitMQ to be ready")
            .ConfigureAwait(false);
    }

    /// <summary>Ends a node as a crash would, with SIGKILL.</summary>
    public async Task KillNodeAsync(int node)
    {
        if (_nodes[node].Process is { } process)
            await process.DisposeAsync().ConfigureAwait(false);
        _nodes[node].Process = null;
    }

    /// <summary>Kills all nodes and starts them again.</summary>
    public async Task RestartAsync()
    {
        for (int node = 0; node < Nodes; node++)
            await KillNodeAsync(node).ConfigureAwait(false);
        for (int node = 0; node < Nodes; node++)
            await StartNodeAsync(node).ConfigureAwait(false);
    }

    /// <summary>Stops a node (SIGSTOP): connections stay open and nothing is answered.</summary>
    public void Freeze(int node) => _nodes[node].Process!.Send(Signal.Stop);

    /// <summary>Lets a frozen node go on (SIGCONT).</summary>
    public void Thaw(int node) => _nodes[node].Process!.Send(Signal.Continue);

    /// <summary>Runs <c>rabbitmqctl</c> on a node and returns what it wrote.</summary>
    public async Task<IReadOnlyList<string>> ControlAsync(int node, params string[] arguments)
    {
        ChildProcess control = ChildProcess.Start([Control, "-q", .. arguments], _folder.Path, inside: null, VariablesOf(_nodes[node]));
        await using (control.ConfigureAwait(false))
        {
            return await control.WaitForExitAsync(s_startLimit).ConfigureAwait(false) == 0
                ? control.Lines
                : throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)}: {control.Output}");
        }
    }

    /// <summary>Kills it and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        for (int node = 0; node < Nodes; node++)
            await KillNodeAsync(node).ConfigureAwait(false);
        if (_mapper is not null)
            await _mapper.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }

    private List<string> SettingsOf(Node node)
    {
        List<string> settings =
        [
            $"listeners.tcp.1 = 127.0.0.1:{node.Port}",
            "loopback_users = none",
            "vm_memory_high_watermark.absolute = 1200MB",
            "disk_free_limit.absolute = 50MB",
            .. _settings.Select(line => line.Replace("{secure}", $"127.0.0.1:{node.SecurePort}", StringComparison.Ordinal)),
        ];
        if (Nodes > 1)
        {
            settings.Add("cluster_formation.peer_discovery_backend = classic_config");
            settings.AddRange(_nodes.Select(other => $"cluster_formation.classic_config.nodes.{other.Number} = {other.Name}@localhost"));
            settings.Add("cluster_partition_handling = pause_minority");
        }

        return settings;
    }

    private Dictionary<string, string?> VariablesOf(Node node) => new()
    {
        ["HOME"] = _folder.Path,
        ["ERL_EPMD_PORT"] = $"{_portMapper}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_CONF_ENV_FILE"] = _folder["empty"],
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder[node.Name], "rabbitmq.conf"),
        ["RABBITMQ_NODENAME"] = $"{node.Name}@localhost",
        ["RABBITMQ_DIST_PORT"] = $"{node.DistributionPort}",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder[node.Name], "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder[node.Name], "log"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(_folder[node.Name], "pid"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder["plugins"],
        ["RABBITMQ_LOGS"] = "-",

        // With these two the process is the broker itself, and no shell that waits for it.
        ["RABBITMQ_ALLOW_INPUT"] = "1",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
            $"-noinput +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {{127,0,0,1}} {_erlangArguments}",
    };

    private sealed class Node(int number, int port, int securePort, int distributionPort)
    {
        public int Number => number;

        public string Name => $"n{number}";

        public int Port => port;

        public int SecurePort => securePort;

        public int DistributionPort => distributionPort;

        public ChildProcess? Process { get; set; }
    }
}
