namespace JanusEvents;

/// <summary>The values of <see cref="SessionEvent.Name"/>.</summary>
public static class SessionStates
{
    /// <summary>The session was created.</summary>
    public const string Created = "created";

    /// <summary>The session was destroyed.</summary>
    public const string Destroyed = "destroyed";

    /// <summary>The session timed out. No <see cref="Destroyed"/> follows.</summary>
    public const string Timeout = "timeout";
}
