namespace JanusEvents.Testing;

/// <summary>A private MariaDB, as Debian packages it.</summary>
public sealed class MariaDbServer : DatabaseServer
{
    private static readonly Lazy<Task<DataTemplate>> Template = new(InstallAsync);

    // Of the template and of each server: another size than the template's would be written anew at each start.
    private const string LogFileSize = "--innodb-log-file-size=16M";

    private MariaDbServer(IReadOnlyList<string> arguments, NetworkNamespace? inside, string? timeZone = null)
        : base(arguments, inside) =>
        Variables = timeZone is null ? null : new Dictionary<string, string?> { ["TZ"] = timeZone };

    private protected override IReadOnlyList<string> Program { get; } = [ProgramPath.Require("mariadbd"), "--no-defaults", LogFileSize];

    private protected override IReadOnlyDictionary<string, string?>? Variables { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="arguments">More arguments for <c>mariadbd</c>, such as <c>--sql-mode=</c>.</param>
    public static Task<MariaDbServer> StartAsync(params string[] arguments) => StartAsync(inside: null, arguments);

    /// <summary>Starts a server on a machine of another time zone (<c>TZ</c>).</summary>
    public static async Task<MariaDbServer> StartInZoneAsync(string timeZone, params string[] arguments)
    {
        var server = new MariaDbServer(arguments, inside: null, timeZone);
        await server.BeginAsync(await Template.Value.ConfigureAwait(false)).ConfigureAwait(false);
        return server;
    }

    /// <summary>Starts a server that listens on the loopback address of a network namespace.</summary>
    public static async Task<MariaDbServer> StartAsync(NetworkNamespace? inside, params string[] arguments)
    {
        var template = await Template.Value.ConfigureAwait(false);
        var server = new MariaDbServer(arguments, inside);
        await server.BeginAsync(template).ConfigureAwait(false);
        return server;
    }

    /// <summary>Starts a server whose data lie in pages of a certain size, such as <c>4k</c>.</summary>
    public static async Task<MariaDbServer> StartWithPagesAsync(string size)
    {
        var pages = $"--innodb-page-size={size}";
        var template = await InstallAsync(pages).ConfigureAwait(false);
        var server = new MariaDbServer([pages], inside: null);
        await server.BeginAsync(template).ConfigureAwait(false);
        return server;
    }

    private static Task<DataTemplate> InstallAsync() => InstallAsync([]);

    private static async Task<DataTemplate> InstallAsync(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        await ChildProcess.RunAsync(
            [
                ProgramPath.Require("mariadb-install-db"), "--no-defaults", .. AsRoot, $"--datadir={folder["data"]}", $"--tmpdir={folder.Path}",
                "--auth-root-authentication-method=normal", "--skip-test-db",
                LogFileSize, .. arguments,
            ],
            StartLimit).ConfigureAwait(false);
        return new DataTemplate(folder["data"]);
    }
}
