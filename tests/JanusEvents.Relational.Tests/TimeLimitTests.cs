using System.Text.RegularExpressions;
using JanusEvents.Relational.Connections;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests;

/// <summary>A database that stands still must hold no writer permanently.</summary>
public sealed partial class TimeLimitTests
{
    // The guard itself; and what prepares a session, which the guard waits for as a whole.
    private static readonly string[] s_guarded = ["StoreConnection.cs", "MySqlDialect.cs"];

    [Theory]
    [InlineData("JanusEvents.Relational")]
    [InlineData("JanusEvents.MySql")]
    public void Every_call_of_a_driver_that_waits_for_the_server_goes_through_the_guard(string project)
    {
        var calls = Directory.EnumerateFiles(Repository.PathOf("src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Call().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), match.Value)))
            .ToLookup(call => s_guarded.Contains(call.File), call => $"{call.File}: {call.Value}");

        calls[true].Should().NotBeEmpty("the calls have these names");
        calls[false].Should().BeEmpty();
    }

    [GeneratedRegex(@"(\.(ExecuteNonQuery|ExecuteScalar|ExecuteReader|BeginTransaction)(Async)?\(|\bcommand\.Prepare|\breader\.Read(Async)?\(|\bconnection\.Open)")]
    private static partial Regex Call();
}
