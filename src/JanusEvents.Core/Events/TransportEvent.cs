using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.TransportEvent>;

namespace JanusEvents;

/// <summary>A transport reports a request, a connection or its end (type 128).</summary>
public sealed record TransportEvent() : JanusEvent(JanusEventType.Transport)
{
    private string? _transport;
    private string? _id;
    private RawJson _data;

    /// <summary>The transport (<c>transport</c>), such as <c>janus.transport.websockets</c>.</summary>
    public string? Transport { get => _transport; init => _transport = value; }

    /// <summary>
    /// The instance (<c>id</c>): a request of the HTTP transport, a connection of others; a number up to 2^64-1 as
    /// text. It repeats over time.
    /// </summary>
    public string? Id { get => _id; init => _id = value; }

    /// <summary>
    /// The report (<c>data</c>), such as <c>{"event":"connected","admin_api":false,"ip":"192.0.2.7"}</c>.
    /// </summary>
    public RawJson Data { get => _data; init => _data = value; }

    internal static EventKind<TransportEvent> Description { get; } = new("transport", () => new TransportEvent())
    {
        Table = "transports",
        PublishedColumns = ["plugin", "event"],
        Properties = new(
            Text("transport", e => ref e._transport, "plugin"),
            Text("id", e => ref e._id, "instance"),
            Json("data", e => ref e._data, "event")),
    };
}
