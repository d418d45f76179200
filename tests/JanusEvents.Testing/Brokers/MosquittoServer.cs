using System.Globalization;

namespace JanusEvents.Testing;

/// <summary>A private mosquitto, as Debian packages it: its data in a temporary folder, its port a free one of the loopback address.</summary>
public sealed class MosquittoServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _process;

    private MosquittoServer()
    {
    }

    /// <summary>Its port.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>A port of its own for TLS, where the settings have a listener with it.</summary>
    public int SecurePort { get; } = FreePort.Next();

    /// <summary>Its address.</summary>
    public string Uri => string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{Port}");

    /// <summary>Starts a broker.</summary>
    /// <param name="user">The only user that it lets in; null lets everybody in.</param>
    /// <param name="password">The user's password.</param>
    /// <param name="prepare">Writes files into its folder, and returns lines of its configuration file; <c>{secure}</c> is its port for TLS.</param>
    public static async Task<MosquittoServer> StartAsync(string? user = null, string? password = null, Func<string, string[]>? prepare = null)
    {
        MosquittoServer server = new();
        try
        {
            await server.ConfigureAsync(user, password, prepare).ConfigureAwait(false);
            await server.StartAgainAsync().ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts it on the same data and port.</summary>
    public async Task StartAgainAsync()
    {
        _process = ChildProcess.Start([ProgramPath.Require("mosquitto"), "-c", _folder["mosquitto.conf"]], _folder.Path);
        await _process.WaitForLineAsync(line => line.Contains("running", StringComparison.Ordinal), Wait.Limit, "mosquitto to be ready").ConfigureAwait(false);
    }

    /// <summary>Asks it to end, and waits: it writes its sessions and their messages to disk.</summary>
    public async Task StopAsync()
    {
        _process!.Send(Signal.Terminate);
        await _process.WaitForExitAsync(Wait.Limit).ConfigureAwait(false);
        await KillAsync().ConfigureAwait(false);
    }

    /// <summary>Ends it as a crash would, with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync().ConfigureAwait(false);
        _process = null;
    }

    /// <summary>Kills it and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync().ConfigureAwait(false);
        _folder.Dispose();
    }

    private async Task ConfigureAsync(string? user, string? password, Func<string, string[]>? prepare)
    {
        List<string> settings =
        [
            string.Create(CultureInfo.InvariantCulture, $"listener {Port} 127.0.0.1"),
            "persistence true",
            $"persistence_location {_folder.Path}/",
            "log_dest stderr",

            // Started as root it would become a user who may not write here.
            "user root",
            $"allow_anonymous {(user is null ? "true" : "false")}",
        ];
        if (user is not null)
        {
            string passwords = _folder["passwords"];
            ChildProcess hash = ChildProcess.Start([ProgramPath.Require("mosquitto_passwd"), "-b", "-c", passwords, user, password!], _folder.Path);
            await using (hash.ConfigureAwait(false))
                await hash.WaitForExitAsync(Wait.Limit).ConfigureAwait(false);
            settings.Add($"password_file {passwords}");
        }

        if (prepare is not null)
            settings.AddRange(prepare(_folder.Path).Select(line => line.Replace("{secure}", SecurePort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        await File.WriteAllLinesAsync(_folder["mosquitto.conf"], settings).ConfigureAwait(false);
    }
}
