using System.Text.RegularExpressions;
using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

/// <summary>The packages are written on System.Data.Common, so that either driver will do.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void No_source_names_a_type_of_a_driver_but_where_the_driver_is_looked_for()
    {
        var named = Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => TypeOfDriver().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName);

        named.Should().Equal("MySqlDriver.cs");
    }

    [GeneratedRegex(@"using MySql|MySql\.Data\.MySqlClient|MySqlConnector\.|\bMySql(Connection|Command|DataSource|Exception|ClientFactory)\b")]
    private static partial Regex TypeOfDriver();
}
