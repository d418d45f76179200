using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using JanusEvents.Dashboard.Assets;

namespace JanusEvents.Dashboard.Tests;

/// <summary>The modules of the page as one: each behind those that it imports.</summary>
public sealed partial class PageModulesTests
{
    [Fact]
    public void Modules_are_joined_behind_what_they_import_once_and_without_comments()
    {
        Dictionary<string, byte[]> joined = PageModules.Join(Files(
            ("app.js", "// Shell.\nimport { two } from \"./two.js\";\nimport { one } from \"./one.js\";\n\n/**\n * Draws.\n */\nexport function draw() {\n  return one + two; // sum\n}\n"),
            ("two.js", "import { one } from \"./one.js\";\nexport const two = one * 2;\n"),
            ("one.js", "/* The first. */\nexport const one = 1;\n"),
            ("style.css", "/* Colours. */\n* { margin: 0; }\n"),
            ("other.js", "var other = 1;\n")));

        Encoding.UTF8.GetString(joined["app.js"]).Should().Be("const one = 1;\nconst two = one * 2;\nfunction draw() {\nreturn one + two; // sum\n}\n");
        Encoding.UTF8.GetString(joined["style.css"]).Should().Be("* { margin: 0; }\n");
        joined.Keys.Should().BeEquivalentTo("app.js", "style.css", "other.js");
        Encoding.UTF8.GetString(joined["other.js"]).Should().Be("var other = 1;\n");
    }

    [Fact]
    public void No_two_modules_of_the_page_declare_the_same_name_and_all_are_joined()
    {
        Assembly assembly = typeof(PageModules).Assembly;
        Dictionary<string, string> modules = assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".js", StringComparison.Ordinal) && !name.StartsWith("uPlot", StringComparison.Ordinal))
            .ToDictionary(name => name, name => new StreamReader(assembly.GetManifestResourceStream(name)!).ReadToEnd());

        modules.Values.SelectMany(text => Declared().Matches(text)).Select(match => match.Groups["name"].Value).Should().OnlyHaveUniqueItems();
        PageAssets.All.Names.Where(modules.ContainsKey).Should().Equal("app.js");
        Encoding.UTF8.GetString(PageAssets.All.Find("app.js")!.Content).Should().NotMatchRegex("(?m)^(import|export) ");
    }

    private static Dictionary<string, byte[]> Files(params (string Name, string Text)[] files) => files.ToDictionary(file => file.Name, file => Encoding.UTF8.GetBytes(file.Text));

    [GeneratedRegex("^(export )?(async )?(function|const|let|class) (?<name>\\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
