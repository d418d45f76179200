using System.Text.Json;
using JanusEvents.Packages.Tests.Installing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Docs;

/// <summary>The code in the README and in <c>docs/</c> is code.</summary>
public sealed class CodeTests
{
    // csharp is compiled here; json parsed here; sql run by the tests of the pages that promise answers (TableQuestionTests,
    // RoomTests, TimePageTests); jcfg is what a real Janus is started with (GettingStartedTests); sh is looked through by
    // NameTests and DocCommandTests. text and mermaid are pictures, and samples of what is printed.
    private static readonly string[] s_languages = ["csharp", "json", "sql", "jcfg", "sh", "xml", "yaml", "text", "mermaid"];

    private static readonly JsonDocumentOptions s_settingsFile =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = false };

    public static TheoryData<string> Pages { get; } = new(DocPage.Paths);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_line_of_C_sharp_compiles(string path) => DocCompiler.Compile(DocPage.Read(path)).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Pages))]
    public void Json_is_json_and_every_block_says_what_it_is(string path) => Failures(DocPage.Read(path)).Should().BeEmpty();

    [Fact]
    public void There_is_code_to_compile()
    {
        DocPage.Paths.Sum(path => DocPage.Read(path).In("csharp").Count()).Should().BeGreaterThan(10);
    }

    // NewApplicationTests installs the packages with these commands and runs this program.
    [Fact]
    public void Getting_started_begins_with_the_program_and_the_packages_of_the_README()
    {
        DocPage page = DocPage.Read("docs/getting-started.md");

        page.Block("csharp Program.cs").Text.Should().Be(ReadMe.Program);
        foreach (var command in DocPage.Read("README.md").In("sh").First().Text.TrimEnd('\n').Split('\n'))
            page.In("sh").First().Text.Should().Contain(command + "\n").And.Contain("dotnet new web ");
    }

    [Theory]
    [InlineData("app.MapJanusEvents(42);", "CS1503")]
    [InlineData("app.MapJanusEvents(\"/janus/events\")", "CS1002")]
    [InlineData("builder.Services.AddJanusEvents().AddNothing();", "CS1061")]
    [InlineData("string name = null;", "CS8600")]
    [InlineData("public sealed class MySink : IEventSink;", "CS0246")]
    [InlineData("using JanusEvents;\npublic sealed class MySink : IEventSink;", "CS0535")]
    [InlineData("var builder = WebApplication.CreateBuilder(args);\nJanusEventParser parser = new();", "CS0246")]
    public void What_does_not_compile_is_found(string code, string error)
    {
        DocPage page = new("page.md", $"# A page\n\nText.\n\n```csharp\nConsole.WriteLine();\n```\n\n```csharp\n{code}\n```\n");

        DocCompiler.Compile(page).Should().Contain(failure => failure.Contains(error, StringComparison.Ordinal))
            .And.OnlyContain(failure => failure.StartsWith($"page.md:{9 + code.Split('\n').Length}: ", StringComparison.Ordinal)
                || failure.StartsWith("page.md:10: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Later_lines_may_use_the_types_and_the_names_that_a_page_has_introduced()
    {
        DocPage page = new("page.md", """
            ```csharp
            using JanusEvents;

            public sealed class Nothing : IEventSink
            {
                public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) => ValueTask.CompletedTask;
            }
            ```

            - in a list

              ```csharp
              builder.Services.AddJanusEvents().AddSink<Nothing>();
              app.MapJanusEvents("/here", new JanusEventsEndpointOptions());
              ```

            """);

        DocCompiler.Compile(page).Should().BeEmpty();
        page.Blocks[1].Text.Should().StartWith("builder.").And.Contain("\napp.");
    }

    [Fact]
    public void What_is_no_json_and_what_has_no_language_is_found()
    {
        Failures(new DocPage("page.md", "```json\n{ \"a\": 1, }\n```\n\n```\ndotnet run\n```\n\n```c#\nreturn;\n```\n"))
            .Select(failure => failure[..10]).Should().Equal("page.md:2:", "page.md:6:", "page.md:10");
        Failures(new DocPage("page.md", "```csharp\nnonsense\n")).Should().ContainSingle();
    }

    private static List<string> Failures(DocPage page)
    {
        List<string> failures = [];
        if (page.Text.Split('\n').Count(line => line.TrimStart().StartsWith("```", StringComparison.Ordinal)) != 2 * page.Blocks.Count)
            failures.Add($"{page.Path}: a block is not closed, so that its code is not looked at.");
        foreach (DocBlock block in page.Blocks)
        {
            if (!s_languages.Contains(block.Language))
                failures.Add($"{block}: the language is \"{block.Language}\"; it must be one of {string.Join(", ", s_languages)}.");
            else if (block.Language == "json" && Problem(block.Text) is { } problem)
                failures.Add($"{block}: {problem}");
        }

        return failures;
    }

    private static string? Problem(string json)
    {
        try
        {
            JsonDocument.Parse(json, s_settingsFile).Dispose();
            return null;
        }
        catch (JsonException e)
        {
            return e.Message;
        }
    }
}
