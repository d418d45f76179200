namespace JanusEvents;

/// <summary>A sign of a trouble.</summary>
/// <param name="At">When it was seen, by the server's clock.</param>
/// <param name="What">The observation in a few words; such as <c>audio receiving false</c>.</param>
public sealed record TroubleEvidence(DateTimeOffset At, string What);

/// <summary>How bad a trouble is.</summary>
public enum TroubleSeverity
{
    /// <summary>Counted and shown, never told.</summary>
    Info,

    /// <summary>A call is degraded.</summary>
    Warning,

    /// <summary>A call failed or is unusable.</summary>
    Error,

    /// <summary>A server is affected.</summary>
    Critical,
}

/// <summary>How a trouble ended.</summary>
public enum TroubleEnd
{
    /// <summary>The fault is over.</summary>
    Recovered,

    /// <summary>The call that had it ended.</summary>
    CallEnded,

    /// <summary>The server that had it was stopped or started anew.</summary>
    ServerEnded,

    /// <summary>Nothing more was heard of its subject.</summary>
    Unknown,
}
