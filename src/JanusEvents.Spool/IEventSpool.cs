namespace JanusEvents;

/// <summary>The spool of a host, once <c>UseSpool</c> was called: a service to ask how far behind the sinks are.</summary>
public interface IEventSpool
{
    /// <summary>The full path of the spool's file.</summary>
    string Path { get; }

    /// <summary>Reads what the spool holds at present.</summary>
    /// <returns>The backlog; empty before the host has started.</returns>
    SpoolBacklog ReadBacklog();
}
