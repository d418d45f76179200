namespace JanusEvents;

/// <summary>Janus itself started, reported its counters or shuts down (type 256).</summary>
/// <remarks>
/// The first event of a server need not be <c>started</c>, and a server that dies sends no <c>shutdown</c>.
/// </remarks>
public sealed record CoreEvent() : JanusEvent(JanusEventType.Core)
{
    /// <summary>
    /// What happened (<c>status</c>): <c>started</c>, <c>update</c> (every 15 s since Janus 1.2.0) or <c>shutdown</c>.
    /// </summary>
    public string? Status { get; init; }

    /// <summary>With <c>started</c> the server's description, with <c>update</c> its counters (<c>info</c>).</summary>
    public RawJson Info { get; init; }

    /// <summary>The signal that ended it (<c>signum</c>), such as 2 or 15; with <c>shutdown</c>.</summary>
    public long? Signum { get; init; }
}
