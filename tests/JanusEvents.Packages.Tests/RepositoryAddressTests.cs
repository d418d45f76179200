using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests;

/// <summary>
/// What a package says of the repository that it was built in. Built here is a project with the settings of this
/// repository's packages and one class, since this repository has whatever remote it was cloned with.
/// </summary>
public sealed class RepositoryAddressTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder _folder = new();

    public RepositoryAddressTests()
    {
        foreach (var file in new[]
        {
            "Directory.Build.props", "Directory.Packages.props", "README.md", "LICENSE", "build/icon.png",
            "src/Directory.Build.props", "src/Directory.Build.targets",
        })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.Copy(Repository.PathOf(file), _folder[file]);
        }

        Directory.CreateDirectory(_folder["src/Small"]);
        File.WriteAllText(_folder["src/Small/Small.csproj"], """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><Description>Small.</Description></PropertyGroup></Project>
            """);
        File.WriteAllText(_folder["src/Small/Small.cs"], """
            namespace JanusEvents;
            /// <summary>A class.</summary>
            public static class Small
            {
                /// <summary>A number.</summary>
                public static int One() => 1;
            }
            """);
    }

    [Fact]
    public async Task With_a_remote_the_address_and_the_commit_are_in_the_package_and_the_symbols_link_to_the_sources()
    {
        MakeGitFolder("https://somebody:secret@github.com/example/janusevents.git");

        var package = await PackAsync();

        package.OfRepository("url").Should().Be("https://github.com/example/janusevents.git");
        package.OfRepository("commit").Should().Be(Commit);
        package.SourceLink.Should().Contain($"https://raw.githubusercontent.com/example/janusevents/{Commit}/*");
        package.SourcePaths.Should().Contain("/_/src/Small/Small.cs");
    }

    [Fact]
    public async Task A_clone_of_a_folder_packs_and_publishes_no_path_of_the_machine()
    {
        MakeGitFolder("/srv/git/janusevents.git");

        var package = await PackAsync();

        package.OfRepository("url").Should().BeNull();
        package.OfRepository("commit").Should().Be(Commit);
        package.SourceLink.Should().BeNull();
        package.Metadata.ToString().Should().NotContain("/srv/git");
    }

    [Fact]
    public async Task Without_git_it_packs_and_the_paths_of_the_sources_are_still_those_of_no_machine()
    {
        var package = await PackAsync();

        package.OfRepository("url").Should().BeNull();
        package.SourcePaths.Should().Contain("/_/src/Small/Small.cs").And.NotContain(path => path.Contains(_folder.Path, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Package> PackAsync()
    {
        await DotNetCommand.RunAsync(_folder["src/Small"], packages: null, "pack", "-c", "Release");
        return new Package(_folder["artifacts/packages"], "Small");
    }

    // What git makes for a clone, as far as a build reads it.
    private void MakeGitFolder(string remote)
    {
        Directory.CreateDirectory(_folder[".git/objects"]);
        Directory.CreateDirectory(_folder[".git/refs/heads"]);
        File.WriteAllText(_folder[".git/HEAD"], "ref: refs/heads/main\n");
        File.WriteAllText(_folder[".git/refs/heads/main"], Commit + "\n");
        File.WriteAllText(_folder[".git/config"], $"[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = {remote}\n");
    }
}
