using System.Text.RegularExpressions;
using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

/// <summary>Times are in UTC everywhere.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void No_source_asks_for_a_local_time_or_makes_a_column_that_has_a_time_zone() =>
        FilesWith(LocalTime()).Should().BeEmpty();

    [Fact]
    public void Only_the_upgrade_names_the_server_s_own_time_where_a_column_has_it_for_its_default_already() =>
        FilesWith(ServerTime()).Order().Should().Equal("MySqlCatalog.cs", "MySqlSchemaDialect.cs");

    private static IEnumerable<string?> FilesWith(Regex text) => Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Where(file => text.IsMatch(File.ReadAllText(file)))
        .Select(Path.GetFileName);

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.Now\b|\bToLocalTime\b|\bLocalDateTime\b|\bTimeZoneInfo\.Local\b|""TIMESTAMP\b|\bNOW\(|\bSYSDATE\(|\bCURDATE\(|\bCURRENT_(TIME|DATE)\b|\bLOCALTIME|\bFROM_UNIXTIME\(")]
    private static partial Regex LocalTime();

    [GeneratedRegex(@"\bCURRENT_TIMESTAMP\b")]
    private static partial Regex ServerTime();
}
