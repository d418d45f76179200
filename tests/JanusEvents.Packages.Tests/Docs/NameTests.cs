using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Docs;

/// <summary>What the README and <c>docs/</c> point to is there: other pages and their headings, files, projects, tests.</summary>
public sealed partial class NameTests
{
    private static readonly Lazy<string> s_tests = new(() => string.Concat(
        Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText)));

    public static TheoryData<string> Pages { get; } = new(DocPage.Paths);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_page_and_its_heading(string path) => DeadLinks(DocPage.Read(path)).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_file_and_folder_that_is_named_exists(string path) => MissingPaths(DocPage.Read(path)).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_test_that_is_named_exists(string path) => MissingTests(DocPage.Read(path)).Should().BeEmpty();

    [Fact]
    public void Every_page_is_linked_from_the_README()
    {
        var readMe = DocPage.Read("README.md").Text;

        DocPage.Paths.Where(path => path != "README.md" && !readMe.Contains($"({path}", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void What_is_not_there_is_found()
    {
        DocPage page = new("docs/page.md", """
            # A page

            [one](nowhere.md), [two](delivery.md#nothing-of-the-kind), [three](#a-page), [four](../README.md), `samples/NoHost`,
            `src/JanusEvents.Core`, `NameTests.No_such_test`, `NameTests.What_is_not_there_is_found`.

            ```sh
            dotnet test tests/JanusEvents.Nothing.Tests --filter "FullyQualifiedName~NoTests"
            ```

            """);

        DeadLinks(page).Should().Equal("nowhere.md", "delivery.md#nothing-of-the-kind");
        MissingPaths(page).Should().Equal("samples/NoHost", "tests/JanusEvents.Nothing.Tests");
        MissingTests(page).Should().Equal("NameTests.No_such_test", "NoTests");
    }

    private static IEnumerable<string> DeadLinks(DocPage page)
    {
        foreach (Match link in Link().Matches(Prose(page)))
        {
            var target = link.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal))
                continue;

            var parts = target.Split('#', 2);
            var file = parts[0].Length == 0
                ? page.Path
                : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.PathOf(page.Path), "..", parts[0]));
            var exists = file == page.Path || Path.Exists(Repository.PathOf(file));
            if (!exists || (parts.Length == 2 && !Headings(file == page.Path ? page : DocPage.Read(file)).Contains(parts[1])))
                yield return target;
        }
    }

    private static IEnumerable<string> MissingPaths(DocPage page) =>
        NamedPath().Matches(page.Text).Select(match => match.Value.TrimEnd('/', '.')).Distinct().Where(path => !Exists(path));

    private static IEnumerable<string> MissingTests(DocPage page)
    {
        foreach (Match name in NamedTest().Matches(page.Text))
        {
            var (type, method) = (name.Groups["type"].Value, name.Groups["method"].Value);
            if (!Regex.IsMatch(s_tests.Value, $@"\bclass {type}\b") || !Regex.IsMatch(s_tests.Value, $@"\b{method}\("))
                yield return name.Value;
        }

        foreach (Match filter in Filter().Matches(page.Text))
        {
            if (!Regex.IsMatch(s_tests.Value, $@"\bclass \w*{filter.Groups["type"].Value}"))
                yield return filter.Groups["type"].Value;
        }
    }

    private static bool Exists(string path)
    {
        if (!path.Contains('*', StringComparison.Ordinal))
            return Path.Exists(Repository.PathOf(path));

        // One star for one folder, as in src/*/PublicAPI.Unshipped.txt.
        var parts = path.Split("/*/", 2);
        return parts.Length == 2
            && Directory.EnumerateDirectories(Repository.PathOf(parts[0])).Any(folder => Path.Exists(Path.Combine(folder, parts[1])));
    }

    /// <summary>The page without its blocks of code.</summary>
    private static string Prose(DocPage page) =>
        page.Blocks.Where(block => block.Text.Length > 0).Aggregate(page.Text, (text, block) => text.Replace(block.Text, "", StringComparison.Ordinal));

    /// <summary>The headings as the last part of a link has them.</summary>
    private static HashSet<string> Headings(DocPage page) =>
        [.. Heading().Matches(Prose(page)).Select(match => Anchor(match.Groups["text"].Value))];

    private static string Anchor(string heading)
    {
        StringBuilder anchor = new();
        foreach (var letter in heading.Trim().ToLower(CultureInfo.InvariantCulture))
        {
            if (letter == ' ')
                anchor.Append('-');
            else if (char.IsLetterOrDigit(letter) || letter is '-' or '_')
                anchor.Append(letter);
        }

        return anchor.ToString();
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)|(?:src|srcset)=""(?<target>[^""]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?<![\w/.(-])(?:src|tests|samples|docs|benchmarks|build)/[\w./*-]+(?!\S*…)|(?<![\w/.])JanusEvents\.Core\.sln|(?<=\./)\w+\.sh")]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"\b(?<type>\w+Tests)\.(?<method>[A-Z]\w*_\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"--filter ""?(?:FullyQualifiedName~)?(?<type>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Filter();
}
