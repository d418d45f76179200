using JanusEvents.Tool.Arguments;

namespace JanusEvents.Tool;

/// <summary>The command <c>janusevents</c>.</summary>
internal static class Program // A program of statements alone would be a public class.
{
    private static Task<int> Main(string[] args) => new CommandLine(args).RunAsync();
}
