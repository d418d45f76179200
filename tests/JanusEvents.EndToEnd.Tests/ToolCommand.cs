using System.Text;
using JanusEvents.Testing;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>A command of the tool that ran to its end, as a shell runs it.</summary>
/// <param name="Status">Its exit status.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Errors">What it wrote to its standard error, line by line.</param>
internal sealed record ToolCommand(int Status, byte[] Output, IReadOnlyList<string> Errors)
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private static readonly string s_program = Repository.PathOf(
        "src", "JanusEvents.Tool", "bin", Repository.Configuration, "net10.0", "JanusEvents.Tool.dll");

    /// <summary>The output line by line.</summary>
    public IReadOnlyList<string> Lines => Encoding.UTF8.GetString(Output).Split('\n')[..^1];

    /// <summary>Runs a command.</summary>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="arguments">The command with its options and settings.</param>
    /// <param name="input">The file that is its standard input.</param>
    /// <param name="pipe">What follows it in the shell, such as <c>| head -n 1</c>.</param>
    /// <param name="variables">Variables of its environment.</param>
    public static async Task<ToolCommand> RunAsync(
        string workingDirectory,
        IEnumerable<string> arguments,
        string input = "/dev/null",
        string pipe = "",
        params IEnumerable<KeyValuePair<string, string?>> variables)
    {
        using var folder = new TemporaryFolder();
        await using var shell = ChildProcess.Start(
            [
                "bash", "-c", $"\"$@\" < '{input}' 2> '{folder["errors"]}' {pipe} > '{folder["output"]}'; exit ${{PIPESTATUS[0]}}",
                "bash", .. Line(arguments),
            ],
            workingDirectory,
            environment: new Dictionary<string, string?>(variables) { ["DOTNET_EnableDiagnostics"] = "0" });
        var status = await shell.WaitForExitAsync(s_limit);
        return new ToolCommand(status, await File.ReadAllBytesAsync(folder["output"]), await File.ReadAllLinesAsync(folder["errors"]));
    }

    /// <summary>The program with its arguments.</summary>
    public static IReadOnlyList<string> Line(IEnumerable<string> arguments) =>
        [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", s_program, .. arguments];

    /// <summary>Fails where the command did, or where it wrote a failure.</summary>
    public ToolCommand Succeeded()
    {
        Status.Should().Be(0, string.Join('\n', Errors));
        return this;
    }
}
