using System.Text.RegularExpressions;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>The commands of the tool that the documentation shows exist, with every option that they are shown with.</summary>
public sealed partial class DocCommandTests
{
    [Fact]
    public async Task Every_command_that_a_page_shows_is_there_with_its_options()
    {
        var shown = DocPage.Paths.Select(DocPage.Read)
            .SelectMany(page => page.In("sh"))
            .SelectMany(block => Command().Matches(block.Text))
            .ToList();
        shown.Should().NotBeEmpty();

        using var folder = new TemporaryFolder();
        foreach (var command in shown.GroupBy(match => match.Groups["command"].Value))
        {
            var help = await ToolCommand.RunAsync(folder.Path, [.. command.Key.Split(' '), "--help"]);
            help.Succeeded().Lines.Should().Contain(line => line.Contains($"{command.Key} ", StringComparison.Ordinal), $"that is the help of {command.Key}");
            var options = command.SelectMany(match => Option().Matches(match.Groups["rest"].Value)).Select(option => option.Value).ToHashSet();
            foreach (var option in options.Where(option => option != "--help"))
                help.Lines.Should().Contain(line => line.TrimStart().StartsWith(option + " ", StringComparison.Ordinal), $"{command.Key} has {option}");
        }
    }

    [GeneratedRegex(
        @"\bjanusevents (?<command>export|import|schema upgrade|schema|rebuild|rejected list|rejected retry|janus-config http|janus-config websocket|janus-config rabbitmq|janus-config mqtt)\b(?<rest>[^|>\n]*)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    // Settings have a colon in their name.
    [GeneratedRegex(@"(?<=\s)--[a-z-]+(?![\w:-])")]
    private static partial Regex Option();
}
