using JanusEvents.Events;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.ExternalEvent>;

namespace JanusEvents;

/// <summary>An event that somebody sent through Janus's Admin API (<c>custom_event</c>, type 4).</summary>
public sealed record ExternalEvent() : JanusEvent(JanusEventType.External)
{
    private string? _schema;
    private RawJson _data;

    /// <summary>The sender's name for the kind of data (<c>schema</c>).</summary>
    public string? Schema { get => _schema; init => _schema = value; }

    /// <summary>The data (<c>data</c>): any JSON object, of any size.</summary>
    public RawJson Data { get => _data; init => _data = value; }

    internal static EventKind<ExternalEvent> Description { get; } = new("external", () => new ExternalEvent())
    {
        Scope = EventScope.Server,
        Table = "external",
        Properties = new(
            Text("schema", e => ref e._schema, "eventschema"),
            Json("data", e => ref e._data, "event")),
    };
}
