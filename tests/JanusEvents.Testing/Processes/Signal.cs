namespace JanusEvents.Testing;

/// <summary>The signals that tests send, with Linux's numbers.</summary>
public enum Signal
{
    /// <summary>SIGINT, what Ctrl+C sends.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL: no process can catch it.</summary>
    Kill = 9,

    /// <summary>SIGTERM, what a service manager sends.</summary>
    Terminate = 15,

    /// <summary>SIGCONT: a stopped process runs again.</summary>
    Continue = 18,

    /// <summary>SIGSTOP: the process stands still until it is continued.</summary>
    Stop = 19,
}
