using System.Diagnostics;
using System.Text;

namespace JanusEvents.Testing;

/// <summary>
/// A private MariaDB or MySQL: its data in a temporary folder, listening on a free loopback port and on a Unix socket in
/// that folder, with no option file and the server's own defaults (InnoDB flushes the log at every commit; the log of MariaDB
/// and the buffer for MyISAM are small).
/// </summary>
public abstract class DatabaseServer : IAsyncDisposable
{
    private const string UserName = "janus";
    private const string Password = "s3cret-pass";

    // A server touches the whole buffer for MyISAM, which no table uses, when it starts.
    private const string SmallKeyBuffer = "--key-buffer-size=64K";

    /// <summary>How long a server may take to start or stop.</summary>
    private protected static readonly TimeSpan StartLimit = Wait.Limit;

    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<string> _arguments;
    private readonly NetworkNamespace? _inside;
    private ChildProcess? _process;
    private int _databases;

    private protected DatabaseServer(IReadOnlyList<string> arguments, NetworkNamespace? inside) => (_arguments, _inside) = (arguments, inside);

    /// <summary>The TCP port on 127.0.0.1; the same again after <see cref="StartAgainAsync"/>.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The path of the Unix socket.</summary>
    public string Socket => _folder["sock"];

    /// <summary>The id of the server's process.</summary>
    public int ProcessId => Running.Id;

    /// <summary>The server's log so far.</summary>
    public string Log => Running.Output;

    private ChildProcess Running => _process ?? throw new InvalidOperationException("The server is stopped.");

    // A server refuses to run as root unless it is told to; an ordinary user needs no word about it.
    private protected static string[] AsRoot => Environment.UserName == "root" ? ["--user=root"] : [];

    /// <summary>The server's program, with the arguments that only it needs.</summary>
    private protected abstract IReadOnlyList<string> Program { get; }

    /// <summary>The variables that the program needs.</summary>
    private protected virtual IReadOnlyDictionary<string, string?>? Variables => null;

    /// <summary>
    /// How MySqlConnector connects to a database of this server, as a user who may do everything.
    /// </summary>
    public string ConnectionString(string database) =>
        $"Server=127.0.0.1;Port={Port};User ID={UserName};Password={Password};Database={database};SslMode=Disabled";

    /// <summary>Makes an empty database (utf8mb4 unless the server was started with another character set).</summary>
    public async Task<MariaDbDatabase> CreateDatabaseAsync()
    {
        var database = new MariaDbDatabase(this, $"janusevents{Interlocked.Increment(ref _databases)}");
        await QueryAsync($"CREATE DATABASE {database.Name}").ConfigureAwait(false);
        return database;
    }

    /// <summary>
    /// Runs SQL (one statement or several) as root, on a connection of its own, and returns the rows of all statements: each
    /// value is the text that the server sends.
    /// </summary>
    /// <exception cref="InvalidOperationException">The server refused it; the message begins with "ERROR" and the code.</exception>
    public Task<IReadOnlyList<string?[]>> QueryAsync(string sql, string? database = null) =>
        TextConnection.RunAsync(Socket, database ?? "mysql", sql);

    /// <summary>Runs a script with the command line client as root, as users run one.</summary>
    /// <exception cref="InvalidOperationException">The server refused it; the message is the client's.</exception>
    public async Task RunScriptAsync(string script, string? database = null)
    {
        var start = new ProcessStartInfo(ProgramPath.Require("mariadb"),
            ["--no-defaults", $"--socket={Socket}", "--user=root", "--default-character-set=utf8mb4", database ?? "mysql"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        using var client = Process.Start(start)!;
        var output = client.StandardOutput.ReadToEndAsync();
        var errors = client.StandardError.ReadToEndAsync();
        await client.StandardInput.WriteAsync(script).ConfigureAwait(false);
        client.StandardInput.Close();
        await client.WaitForExitAsync().ConfigureAwait(false);
        await output.ConfigureAwait(false);
        if (client.ExitCode != 0)
            throw new InvalidOperationException($"{(await errors.ConfigureAwait(false)).Trim()} ({script})");
    }

    /// <summary>Ends the server as a crash would, with SIGKILL.</summary>
    public async Task KillAsync()
    {
        await Running.DisposeAsync().ConfigureAwait(false);
        _process = null;
    }

    /// <summary>Ends the server in order, with SIGTERM.</summary>
    public async Task StopAsync()
    {
        Running.Send(Signal.Terminate);
        await Running.WaitForExitAsync(StartLimit).ConfigureAwait(false);
        await KillAsync().ConfigureAwait(false);
    }

    /// <summary>Starts a killed or stopped server again, on the same data and port.</summary>
    public async Task StartAgainAsync()
    {
        // Of its own: a server that starts deletes the temporary tables of others that it finds.
        Directory.CreateDirectory(_folder["tmp"]);
        _process = ChildProcess.Start(
            [
                .. Program, .. AsRoot, $"--datadir={_folder["data"]}", $"--tmpdir={_folder["tmp"]}", $"--socket={Socket}",
                $"--pid-file={_folder["pid"]}", $"--port={Port}", "--bind-address=127.0.0.1", "--skip-name-resolve",
                "--character-set-server=utf8mb4", SmallKeyBuffer, .. _arguments,
            ],
            _folder.Path,
            _inside,
            Variables);
        await _process.WaitForLineAsync(
            line => line.Contains("ready for connections", StringComparison.Ordinal), StartLimit, "the database server to be ready")
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Stops the server (SIGSTOP): connections stay open and nothing is answered. Returns when each of its threads has stopped,
    /// which takes a while on a busy machine.
    /// </summary>
    /// <exception cref="TimeoutException">A thread did not stop.</exception>
    public void Freeze()
    {
        Running.Send(Signal.Stop);
        if (!SpinWait.SpinUntil(IsFrozen, Wait.Limit))
            throw new TimeoutException($"The server did not stop within {Wait.Limit.TotalSeconds:0} s.");
    }

    /// <summary>Lets a frozen server go on (SIGCONT).</summary>
    public void Thaw() => Running.Send(Signal.Continue);

    /// <summary>Kills the server and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync().ConfigureAwait(false);
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private bool IsFrozen()
    {
        try
        {
            return Directory.GetDirectories($"/proc/{ProcessId}/task")
                .All(thread => File.ReadAllText(Path.Combine(thread, "status")).Contains("State:\tT", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false; // A thread has just ended.
        }
    }

    /// <summary>Makes the server's data and starts it.</summary>
    /// <param name="template">The data as it is before the first start.</param>
    private protected async Task BeginAsync(DataTemplate template)
    {
        try
        {
            template.CopyTo(_folder["data"]);
            await StartAgainAsync().ConfigureAwait(false);
            // Both hosts: the server sees 127.0.0.1 or, with names resolved, localhost, for which an anonymous user exists.
            await QueryAsync(string.Concat(new[] { "127.0.0.1", "localhost" }.Select(host =>
                $"CREATE USER '{UserName}'@'{host}' IDENTIFIED BY '{Password}'; GRANT ALL ON *.* TO '{UserName}'@'{host}';")))
                .ConfigureAwait(false);
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
