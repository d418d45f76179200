using System.Text.RegularExpressions;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests;

/// <summary>A database that stands still must hold no writer for ever.</summary>
public sealed partial class TimeLimitTests
{
    [Theory]
    [InlineData("JanusEvents.Relational")]
    [InlineData("JanusEvents.MySql")]
    public void Every_call_of_a_driver_that_waits_for_the_server_has_a_time_limit(string project)
    {
        var calls = Directory.EnumerateFiles(Repository.PathOf("src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => Path.GetFileName(file) != "TimeLimits.cs")
            .SelectMany(file => Call().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}"))
            .ToList();

        calls.Where(call => call.Contains("InTimeAsync(", StringComparison.Ordinal)).Should().HaveCountGreaterThan(2);
        calls.Should().OnlyContain(call => call.Contains("InTimeAsync(", StringComparison.Ordinal), "the calls of TimeLimits have limits");
    }

    // By the names that the framework gives the calls, and by those that they have in TimeLimits.
    [GeneratedRegex(@"(\.(ExecuteNonQuery|ExecuteScalar|ExecuteReader|Prepare|BeginTransaction|Commit|Rollback)|\breader\.Read|\bconnection\.Open)(Async|InTimeAsync)?\(")]
    private static partial Regex Call();
}
