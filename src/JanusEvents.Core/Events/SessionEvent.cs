using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.SessionEvent>;

namespace JanusEvents;

/// <summary>A session was created, destroyed or timed out (type 1).</summary>
/// <remarks>
/// A timeout is followed by no <c>destroyed</c>. Before Janus 1.3.2 a session whose WebSocket closed ends without an event
/// of its own.
/// </remarks>
public sealed record SessionEvent() : JanusEvent(JanusEventType.Session)
{
    private string? _name;
    private string? _transport;
    private string? _transportId;

    /// <summary>The change (<c>name</c>): <c>created</c>, <c>destroyed</c> or <c>timeout</c>.</summary>
    public string? Name { get => _name; init => _name = value; }

    /// <summary>
    /// The transport that the session came by (<c>transport.transport</c>), such as <c>janus.transport.http</c>. Only
    /// when created.
    /// </summary>
    public string? Transport { get => _transport; init => _transport = value; }

    /// <summary>
    /// The instance of that transport (<c>transport.id</c>): a decimal or hexadecimal number as text, the same as <see
    /// cref="TransportEvent.Id"/>. It is not unique over time.
    /// </summary>
    public string? TransportId { get => _transportId; init => _transportId = value; }

    internal static EventKind<SessionEvent> Description { get; } = new("session", () => new SessionEvent())
    {
        Scope = EventScope.Session,
        Table = "sessions",
        PublishedColumns = ["event"],
        Properties = new(
            Text("name", e => ref e._name, "event"),
            Object("transport", new(
                Text("transport", e => ref e._transport),
                Text("id", e => ref e._transportId, "transport_id")))),
    };
}
