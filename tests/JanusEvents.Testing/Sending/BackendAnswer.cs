namespace JanusEvents.Testing;

/// <summary>What a <see cref="RecordingBackend"/> does when it has read a request.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="StatusCode">The status, where it answers.</param>
public readonly record struct BackendAnswer(BackendAnswerKind Kind, int StatusCode = 200)
{
    /// <summary>The connection is reset.</summary>
    public static BackendAnswer Reset => new(BackendAnswerKind.Reset);

    /// <summary>The connection is closed without an answer.</summary>
    public static BackendAnswer Close => new(BackendAnswerKind.Close);

    /// <summary>The answer announces more bytes than come before the connection is closed.</summary>
    public static BackendAnswer Cut => new(BackendAnswerKind.Cut);

    /// <summary>Nothing is answered, and the connection stays open.</summary>
    public static BackendAnswer Silence => new(BackendAnswerKind.Silence);

    /// <summary>A complete answer.</summary>
    public static BackendAnswer Status(int status) => new(BackendAnswerKind.Status, status);
}
