using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Packing;

/// <summary>
/// Packages made in folders that came to this repository's settings in different ways. Each folder has one small project,
/// since this repository itself has whatever remote it was cloned with.
/// </summary>
public sealed class ClonedRepositories : IAsyncLifetime, IDisposable
{
    /// <summary>The commit that the clones are at.</summary>
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder _folder = new();

    /// <summary>The package of a clone from the web, whose address has credentials in it.</summary>
    public Package OfTheWeb => PackageIn("web");

    /// <summary>The package of a clone of a folder of the same machine.</summary>
    public Package OfAFolder => PackageIn("folder");

    /// <summary>The package of the files alone, without git.</summary>
    public Package OfTheFiles => PackageIn("files");

    /// <summary>The folder that all of it is in.</summary>
    public string Path => _folder.Path;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Write("web", "https://somebody:secret@github.com/example/janusevents.git");
        Write("folder", "/srv/git/janusevents.git");
        Write("files", remote: null);
        // One process for the three, which is a good deal faster than three.
        await File.WriteAllTextAsync(_folder["All.proj"], """
            <Project>
              <Target Name="All">
                <MSBuild Projects="web/src/Small/Small.csproj;folder/src/Small/Small.csproj;files/src/Small/Small.csproj" Targets="Restore" Properties="Configuration=Release;Restoring=true" />
                <MSBuild Projects="web/src/Small/Small.csproj;folder/src/Small/Small.csproj;files/src/Small/Small.csproj" Targets="Pack" Properties="Configuration=Release" />
              </Target>
            </Project>
            """);
        await DotNetCommand.RunAsync(_folder.Path, packages: null, "msbuild", "All.proj");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private Package PackageIn(string clone) => new(_folder[$"{clone}/artifacts/packages"], "Small");

    private void Write(string clone, string? remote)
    {
        string[] settings =
        [
            "Directory.Build.props", "Directory.Packages.props", "README.md", "LICENSE", "build/icon.png",
            "src/Directory.Build.props", "src/Directory.Build.targets",
        ];
        foreach (var file in settings)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_folder[$"{clone}/{file}"])!);
            File.Copy(Repository.PathOf(file), _folder[$"{clone}/{file}"]);
        }

        var project = Directory.CreateDirectory(_folder[$"{clone}/src/Small"]).FullName;
        File.WriteAllText($"{project}/Small.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><Description>Small.</Description><NoWarn>$(NoWarn);RS0016</NoWarn></PropertyGroup></Project>
            """);
        File.WriteAllText($"{project}/Small.cs", """
            namespace JanusEvents;

            /// <summary>A class.</summary>
            public static class Small
            {
                /// <summary>A number.</summary>
                public static int One() => 1;
            }
            """);
        if (remote is null)
            return;

        // What git makes for a clone, as far as a build reads it.
        var git = Directory.CreateDirectory(_folder[$"{clone}/.git"]);
        git.CreateSubdirectory("objects");
        git.CreateSubdirectory("refs/heads");
        File.WriteAllText($"{git}/HEAD", "ref: refs/heads/main\n");
        File.WriteAllText($"{git}/refs/heads/main", Commit + "\n");
        File.WriteAllText($"{git}/config", $"[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = {remote}\n");
    }
}
