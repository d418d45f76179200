namespace JanusEvents.Testing;

/// <summary>A network namespace that processes can be started in.</summary>
/// <param name="Name">Its name for <c>ip netns</c>.</param>
/// <param name="Address">The address of its end of the link to the other one.</param>
public sealed record NetworkNamespace(string Name, string Address)
{
    /// <summary>What to put before a command so that it runs inside.</summary>
    internal IReadOnlyList<string> Enter => [ProgramPath.Require("ip"), "netns", "exec", Name];
}
