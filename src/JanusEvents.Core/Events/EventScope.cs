namespace JanusEvents.Events;

/// <summary>Whom a kind of event is about, which decides the ids in its envelope.</summary>
internal enum EventScope
{
    /// <summary>The server: no ids.</summary>
    Server,

    /// <summary>A session: its id.</summary>
    Session,

    /// <summary>A handle: its id, its session's id and its opaque id.</summary>
    Handle,
}
