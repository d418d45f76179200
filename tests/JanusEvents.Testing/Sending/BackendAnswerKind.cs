namespace JanusEvents.Testing;

/// <summary>The ways in which a <see cref="RecordingBackend"/> ends a request.</summary>
public enum BackendAnswerKind
{
    /// <summary>A complete answer.</summary>
    Status,

    /// <summary>A reset connection.</summary>
    Reset,

    /// <summary>A closed connection.</summary>
    Close,

    /// <summary>Half an answer, then a closed connection.</summary>
    Cut,

    /// <summary>An open connection on which nothing comes.</summary>
    Silence,
}
