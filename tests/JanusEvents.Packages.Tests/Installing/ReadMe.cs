using System.Text.RegularExpressions;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>The lines of README.md that a reader pastes.</summary>
internal static partial class ReadMe
{
    /// <summary>The whole program of a host, word for word.</summary>
    public static string Program { get; } =
        CSharpBlock().Matches(File.ReadAllText(Repository.PathOf("README.md")))
            .Select(match => match.Groups[1].Value)
            .First(block => block.Contains("WebApplication.CreateBuilder", StringComparison.Ordinal)
                && block.Contains("AddSqlite", StringComparison.Ordinal)
                && block.Contains("app.Run()", StringComparison.Ordinal));

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex CSharpBlock();
}
