namespace JanusEvents;

/// <summary>The values of <see cref="CoreEvent.Status"/>.</summary>
public static class CoreStates
{
    /// <summary>Janus started.</summary>
    public const string Started = "started";

    /// <summary>The counters of Janus, every 15 s. Janus 1.2.0 and later.</summary>
    public const string Update = "update";

    /// <summary>Janus is shutting down.</summary>
    public const string Shutdown = "shutdown";
}
