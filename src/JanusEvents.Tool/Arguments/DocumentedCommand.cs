using System.CommandLine;

namespace JanusEvents.Tool.Arguments;

/// <summary>A command with what its help shows besides its options.</summary>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Lines that a user may type.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>When the exit code is 1.</summary>
    public string Failure { get; init; } = "something failed: standard error has the reason";
}
