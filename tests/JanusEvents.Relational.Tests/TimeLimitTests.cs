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
            .SelectMany(file => Call().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}"))
            .ToList();

        calls.Should().HaveCountGreaterThan(2).And.OnlyContain(call => call.Contains("InTimeAsync(", StringComparison.Ordinal));
    }

    // A call as far as the end of its statement.
    [GeneratedRegex(@"\.(ExecuteNonQuery|ExecuteScalar|ExecuteReader|Read|Prepare|BeginTransaction|Commit|Rollback|(?<=\bconnection\.)Open)Async\([^;]*;")]
    private static partial Regex Call();
}
