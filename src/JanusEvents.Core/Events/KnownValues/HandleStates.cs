namespace JanusEvents;

/// <summary>The values of <see cref="HandleEvent.Name"/>.</summary>
public static class HandleStates
{
    /// <summary>The handle was attached to its plugin.</summary>
    public const string Attached = "attached";

    /// <summary>The handle was detached.</summary>
    public const string Detached = "detached";
}
