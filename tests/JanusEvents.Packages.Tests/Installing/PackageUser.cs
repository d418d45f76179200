using System.Text.RegularExpressions;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>
/// Somebody with an empty folder and the packages in another: a nuget.config that names that folder beside the machine's
/// sources, and a folder of their own that packages are unpacked into, so that the user's keeps nothing of the tests.
/// </summary>
public sealed partial class PackageUser : IDisposable
{
    private static readonly Lazy<Task<string>> UnpackedByTheMachine = new(UnpackedByTheMachineAsync);
    private static readonly Lazy<Task<IReadOnlyList<string>>> SourcesOfTheMachine = new(SourcesOfTheMachineAsync);

    private readonly TemporaryFolder _folder = new();

    private PackageUser()
    {
    }

    private string Unpacked => _folder["packages"];

    /// <summary>Makes the folder.</summary>
    /// <param name="packages">The folder with the packages of this repository.</param>
    public static async Task<PackageUser> CreateAsync(string packages)
    {
        var user = new PackageUser();
        try
        {
            await user.ConfigureAsync(packages);
            return user;
        }
        catch
        {
            user.Dispose();
            throw;
        }
    }

    /// <summary>The full path of a file or folder in the user's folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Runs <c>dotnet</c> in a folder of the user's folder.</summary>
    public Task<IReadOnlyList<string>> DotNetAsync(string folder, params string[] arguments) =>
        DotNetCommand.RunAsync(_folder[folder], Unpacked, arguments);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private async Task ConfigureAsync(string packages)
    {
        // What the machine has restored already is taken from there, without asking a registry; only an earlier JanusEvents is not.
        var restored = Directory.CreateDirectory(_folder["restored"]).FullName;
        foreach (var package in Directory.EnumerateDirectories(await UnpackedByTheMachine.Value))
        {
            if (!Path.GetFileName(package).StartsWith("janusevents.", StringComparison.Ordinal))
                Directory.CreateSymbolicLink(Path.Combine(restored, Path.GetFileName(package)), package);
        }

        var machine = await SourcesOfTheMachine.Value;
        await File.WriteAllTextAsync(_folder["nuget.config"], $"""
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <packageSources>
                <add key="packed" value="{packages}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="restored" value="{restored}" />
              </fallbackPackageFolders>
              <packageSourceMapping>
                <packageSource key="packed"><package pattern="JanusEvents.*" /></packageSource>
                {string.Concat(machine.Select(name => $"""<packageSource key="{name}"><package pattern="*" /></packageSource>"""))}
              </packageSourceMapping>
            </configuration>
            """);
    }

    private static async Task<string> UnpackedByTheMachineAsync()
    {
        var lines = await DotNetCommand.RunAsync(Repository.Root, packages: null, "nuget", "locals", "global-packages", "--list");
        return lines.Select(line => UnpackedLine().Match(line)).First(match => match.Success).Groups[1].Value.Trim();
    }

    private static async Task<IReadOnlyList<string>> SourcesOfTheMachineAsync()
    {
        var lines = await DotNetCommand.RunAsync(Repository.Root, packages: null, "nuget", "list", "source");
        return [.. lines.Select(line => SourceLine().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("^global-packages: (.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex UnpackedLine();

    [GeneratedRegex(@"^\s*\d+\.\s+(.+?) \[Enabled\]$", RegexOptions.CultureInvariant)]
    private static partial Regex SourceLine();
}
