namespace JanusEvents.Testing;

/// <summary>
/// The files of a newly installed MariaDB, made once per process and kept in memory: a copy of them on disk would be left
/// behind, since test processes are ended before they could delete it.
/// </summary>
internal sealed class MariaDbTemplate
{
    private static readonly Lock Gate = new();
    private static Task<MariaDbTemplate>? _template;
    private readonly List<(string Path, byte[] Content)> _files;
    private readonly List<string> _folders;

    private MariaDbTemplate(string folder)
    {
        _folders = [.. Directory.GetDirectories(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f))];
        _files =
        [
            .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
                .Select(f => (Path.GetRelativePath(folder, f), File.ReadAllBytes(f))),
        ];
    }

    /// <summary>The template; the first call installs it.</summary>
    /// <param name="asRoot">What <c>mariadbd</c> must be told to run as root.</param>
    public static Task<MariaDbTemplate> GetAsync(IReadOnlyList<string> asRoot)
    {
        lock (Gate)
            return _template ??= InstallAsync(asRoot);
    }

    /// <summary>Makes a data folder.</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var path in _folders)
            Directory.CreateDirectory(Path.Combine(folder, path));
        foreach (var (path, content) in _files)
            File.WriteAllBytes(Path.Combine(folder, path), content);
    }

    private static async Task<MariaDbTemplate> InstallAsync(IReadOnlyList<string> asRoot)
    {
        using var folder = new TemporaryFolder();
        await ChildProcess.RunAsync(
            [
                ProgramPath.Require("mariadb-install-db"), "--no-defaults", .. asRoot, $"--datadir={folder["data"]}",
                "--auth-root-authentication-method=normal", "--skip-test-db",
                // Only to keep this template small: a server gives its own log the default size when it starts.
                "--innodb-log-file-size=4M",
            ],
            TimeSpan.FromSeconds(60)).ConfigureAwait(false);
        return new MariaDbTemplate(folder["data"]);
    }
}
