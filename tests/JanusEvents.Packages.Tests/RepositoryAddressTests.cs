using JanusEvents.Packages.Tests.Packing;

namespace JanusEvents.Packages.Tests;

/// <summary>What a package says of the repository that it was built in.</summary>
public sealed class RepositoryAddressTests(ClonedRepositories clones) : IClassFixture<ClonedRepositories>
{
    [Fact]
    public void With_a_remote_its_address_and_the_commit_are_in_the_package_and_the_symbols_link_to_the_sources()
    {
        var package = clones.OfTheWeb;

        package.OfRepository("url").Should().Be("https://github.com/example/janusevents.git");
        package.OfRepository("commit").Should().Be(ClonedRepositories.Commit);
        package.SourceLink.Should().Contain($"https://raw.githubusercontent.com/example/janusevents/{ClonedRepositories.Commit}/*");
        package.SourcePaths.Should().Contain("/_/src/Small/Small.cs");
    }

    [Fact]
    public void A_clone_of_a_folder_publishes_no_path_of_the_machine()
    {
        var package = clones.OfAFolder;

        package.OfRepository("url").Should().BeNull();
        package.OfRepository("commit").Should().Be(ClonedRepositories.Commit);
        package.SourceLink.Should().BeNull();
        package.Metadata.ToString().Should().NotContain("/srv/git");
    }

    [Fact]
    public void Without_git_the_paths_of_the_sources_are_still_those_of_no_machine()
    {
        var package = clones.OfTheFiles;

        package.OfRepository("url").Should().BeNull();
        package.SourcePaths.Should().Contain("/_/src/Small/Small.cs");
        package.SourcePaths.Should().NotContain(path => path.Contains(clones.Path, StringComparison.Ordinal));
    }
}
