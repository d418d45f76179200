namespace JanusEvents;

/// <summary>A transport reports a request, a connection or its end (type 128).</summary>
public sealed record TransportEvent() : JanusEvent(JanusEventType.Transport)
{
    /// <summary>The transport (<c>transport</c>), such as <c>janus.transport.websockets</c>.</summary>
    public string? Transport { get; init; }

    /// <summary>
    /// The instance (<c>id</c>): a request of the HTTP transport, a connection of others; a number up to 2^64-1 as
    /// text. It repeats over time.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>
    /// What it reports (<c>data</c>), such as <c>{"event":"connected","admin_api":false,"ip":"192.0.2.7"}</c>.
    /// </summary>
    public RawJson Data { get; init; }
}
