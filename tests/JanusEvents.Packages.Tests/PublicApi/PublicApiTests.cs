using System.Reflection;
using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.PublicApi;

/// <summary>
/// What each package shows to its users is written down in its <c>PublicAPI.txt</c>, so that a change of it is seen in review.
/// </summary>
public sealed class PublicApiTests
{
    private const string Accepting = "JANUSEVENTS_ACCEPT_API";

    public static TheoryData<string> Names { get; } = new(PackedPackages.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_public_API_is_the_one_that_was_written_down(string name)
    {
        var file = Repository.PathOf("src", name, "PublicAPI.txt");
        var found = ApiText.Of(Assembly.Load(name));
        if (Environment.GetEnvironmentVariable(Accepting) == "1")
            File.WriteAllText(file, string.Join('\n', found) + "\n");

        var written = File.Exists(file) ? File.ReadAllLines(file) : [];

        string.Join('\n', Difference.Of(written, found)).Should().BeEmpty(
            $"src/{name}/PublicAPI.txt says what users may rely on. Where the change is meant, write it down with\n" +
            $"    {Accepting}=1 dotnet test -c Release tests/JanusEvents.Packages.Tests --filter PublicApiTests\nand commit the files");
    }
}
