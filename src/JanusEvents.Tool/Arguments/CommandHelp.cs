using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using JanusEvents.Tool.Commands;

namespace JanusEvents.Tool.Arguments;

/// <summary>Adds the examples, the settings and the exit codes to the help of a command.</summary>
internal sealed class CommandHelp(HelpAction help) : SynchronousCommandLineAction
{
    // As for the library's own help, which shows a command whatever else it lacks.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int status = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not DocumentedCommand command)
            return status;

        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in command.Examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        output.WriteLine("Settings:");
        output.WriteLine("  All settings of a host apply: from appsettings.json in the working directory, from environment variables");
        output.WriteLine("  (JanusEvents__Store), and as arguments (--JanusEvents:TablePrefix=janus_).");
        output.WriteLine();
        output.WriteLine("Exit codes:");
        output.WriteLine($"  {ExitCode.Done}    everything was done");
        output.WriteLine($"  {ExitCode.Failed}    {command.Failure}");
        output.WriteLine($"  {ExitCode.Interrupted}  interrupted by Ctrl+C");
        return status;
    }
}

/// <summary>A command with what its help shows besides its options.</summary>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Lines that a user may type.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>When the exit code is 1.</summary>
    public string Failure { get; init; } = "something failed: standard error has the reason";
}
