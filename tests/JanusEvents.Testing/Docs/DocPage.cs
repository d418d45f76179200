using System.Text.RegularExpressions;

namespace JanusEvents.Testing;

/// <summary>A page of the documentation, as tests read it.</summary>
public sealed partial class DocPage
{
    /// <summary>Takes a page.</summary>
    /// <param name="path">Its path in the repository, with slashes.</param>
    /// <param name="text">What is in it.</param>
    public DocPage(string path, string text)
    {
        Path = path;
        Text = text;
        Blocks = [.. Fence().Matches(text).Select(match => new DocBlock(
            path,
            text.AsSpan(0, match.Groups["text"].Index).Count('\n') + 1,
            match.Groups["info"].Value.Trim(),
            match.Groups["indent"].Length == 0
                ? match.Groups["text"].Value
                : match.Groups["text"].Value.Replace("\n" + match.Groups["indent"].Value, "\n", StringComparison.Ordinal)[match.Groups["indent"].Length..]))];
    }

    /// <summary>The README, and all of <c>docs/</c>.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "README.md",
        "CHANGELOG.md",
        .. Directory.GetFiles(Repository.PathOf("docs"), "*.md").Order(StringComparer.Ordinal).Select(file => $"docs/{System.IO.Path.GetFileName(file)}"),
    ];

    /// <summary>Its path in the repository, with slashes.</summary>
    public string Path { get; }

    /// <summary>All that is in it.</summary>
    public string Text { get; }

    /// <summary>Its fenced blocks.</summary>
    public IReadOnlyList<DocBlock> Blocks { get; }

    /// <summary>Reads a page of the repository.</summary>
    public static DocPage Read(string path) => new(path, File.ReadAllText(Repository.PathOf(path)));

    /// <summary>The blocks of a language.</summary>
    public IEnumerable<DocBlock> In(string language) => Blocks.Where(block => block.Language == language);

    /// <summary>The one block with this after the fence, such as <c>jcfg janus.jcfg</c>.</summary>
    public DocBlock Block(string info) =>
        Blocks.SingleOrDefault(block => block.Info == info)
        ?? throw new InvalidOperationException($"{Path} has not exactly one block ```{info}.");

    [GeneratedRegex(
        @"^(?<indent>[ ]*)```(?<info>[^`\n]*)\n(?<text>(?:.*\n)*?)\k<indent>```[ ]*$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Fence();
}
