using System.Text.RegularExpressions;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>The lines of README.md and docs/databases.md that a reader pastes.</summary>
internal static partial class ReadMe
{
    private const string SqliteLine = "builder.Services.AddJanusEvents().AddSqlite(\"Data Source=janusevents.db\");\n";

    private static readonly string[] s_blocks = BlocksOf("README.md");

    /// <summary>The whole program of a host, word for word.</summary>
    public static string Program { get; } = s_blocks.First(
        block => block.Contains("WebApplication.CreateBuilder", StringComparison.Ordinal)
            && block.Contains(SqliteLine, StringComparison.Ordinal)
            && block.Contains("app.Run()", StringComparison.Ordinal));

    /// <summary>The same with MariaDB or MySQL, by the lines for a data source of the host's, word for word.</summary>
    public static string ProgramWithMySqlDataSource { get; } =
        WithStore(BlocksOf("docs/databases.md").First(block => block.Contains("AddMySqlDataSource", StringComparison.Ordinal)));

    /// <summary>The same with MariaDB or MySQL, by a connection string.</summary>
    public static string ProgramWithMySqlConnectionString { get; } =
        WithStore("builder.Services.AddJanusEvents().AddMySql(builder.Configuration.GetConnectionString(\"JanusEvents\")!);\n");

    private static string[] BlocksOf(string page) =>
        [.. CSharpBlock().Matches(File.ReadAllText(Repository.PathOf(page))).Select(match => match.Groups[1].Value)];

    // Its using directives go to the top, and its other lines replace that of SQLite.
    private static string WithStore(string block)
    {
        var lines = block.Split('\n').ToLookup(line => line.StartsWith("using ", StringComparison.Ordinal));
        return string.Join('\n', [.. lines[true], Program.Replace(SqliteLine, string.Join('\n', lines[false]), StringComparison.Ordinal)]);
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex CSharpBlock();
}
