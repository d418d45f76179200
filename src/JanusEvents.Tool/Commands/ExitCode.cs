namespace JanusEvents.Tool.Commands;

/// <summary>The exit codes of all commands.</summary>
internal static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Done = 0;

    /// <summary>Something was not done; standard error has the reasons.</summary>
    public const int Failed = 1;

    /// <summary>Ended by Ctrl+C or SIGTERM, with the code that shells give for the former.</summary>
    public const int Interrupted = 130;
}
