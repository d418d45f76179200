using System.Collections.Immutable;
using JanusEvents.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace JanusEvents.Packages.Tests.Docs;

/// <summary>
/// Compiles the C# of a page as a reader's web project would, with the compiler of the SDK and warnings as errors.
/// A block is one of these:
/// <list type="bullet">
/// <item>types alone: a file of its own, which later blocks of the page may use;</item>
/// <item>a whole program: it makes its builder or needs none, and says what it uses;</item>
/// <item>lines of such a program: <c>builder</c>, <c>app</c> and the like are there already (<see cref="Given"/>), and so is
/// <c>using JanusEvents</c>.</item>
/// </list>
/// </summary>
internal static class DocCompiler
{
    /// <summary>What lines of a program may use without having made it; what a block declares itself comes first.</summary>
    private const string Given = """
        global using JanusEvents;
        global using static Given;
        internal static class Given
        {
            public static WebApplicationBuilder builder => null!;
            public static WebApplication app => null!;
            public static IEventSink sink => null!;
            public static IBodyDelivery delivery => null!;
            public static IEventStore store => null!;
            public static long session => 0;
            public static CancellationToken cancellationToken => default;
        }
        """;

    private static readonly string[] s_implicit =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Net.Http.Json", "System.Threading",
        "System.Threading.Tasks", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    // An older version of a referenced assembly stands for the newer one that is there. The SDK suppresses these in every project.
    private static readonly Dictionary<string, ReportDiagnostic> s_unifiedVersions =
        new() { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress };

    private static readonly CSharpParseOptions s_language = new(LanguageVersion.Latest);
    private static readonly SyntaxTree s_implicitUsings =
        Parse(string.Concat(s_implicit.Select(name => $"global using global::{name};\n")));

    private static readonly SyntaxTree s_given = Parse(Given);

    // All that this program may load: the framework, the packages, and what they need.
    private static readonly ImmutableArray<MetadataReference> s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file))];

    /// <summary>Compiles each block.</summary>
    /// <returns>What is wrong, each with page and line; nothing when all is well.</returns>
    public static IReadOnlyList<string> Compile(DocPage page)
    {
        List<string> failures = [];
        List<SyntaxTree> types = [];
        foreach (DocBlock block in page.In("csharp"))
        {
            SyntaxTree tree = Parse(block.Text);
            bool hasStatements = tree.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
            List<SyntaxTree> files = [s_implicitUsings, tree, .. types];
            if (hasStatements && !IsWhole(tree))
                files.Add(s_given);
            CSharpCompilation compilation = CSharpCompilation.Create(
                "Page",
                files,
                s_references,
                new CSharpCompilationOptions(
                    hasStatements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                    specificDiagnosticOptions: s_unifiedVersions,
                    nullableContextOptions: NullableContextOptions.Enable));
            failures.AddRange(compilation.GetDiagnostics()
                .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning
                    && !types.Contains(diagnostic.Location.SourceTree!)) // told already
                .Select(diagnostic => $"{Place(block, tree, diagnostic)}: {diagnostic.Id}: {diagnostic.GetMessage(null)}"));
            if (!hasStatements)
                types.Add(tree);
        }

        return failures;
    }

    /// <summary>Whether a program stands by itself: it makes what others only go on with.</summary>
    private static bool IsWhole(SyntaxTree tree)
    {
        string text = tree.ToString();
        return text.Contains(".CreateBuilder(", StringComparison.Ordinal)
            || text.Contains(".CreateApplicationBuilder(", StringComparison.Ordinal)
            || text.Contains("using JanusEvents;", StringComparison.Ordinal);
    }

    private static string Place(DocBlock block, SyntaxTree tree, Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree == tree
            ? $"{block.Page}:{block.Line + diagnostic.Location.GetLineSpan().StartLinePosition.Line}"
            : block.ToString();

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, s_language);
}
