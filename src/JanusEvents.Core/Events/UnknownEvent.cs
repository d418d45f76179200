using JanusEvents.Events;

namespace JanusEvents;

/// <summary>
/// An event that no other record describes: a type or subtype of a later release, a body of another form, a property
/// that comes twice.
/// </summary>
public sealed record UnknownEvent() : JanusEvent(JanusEventType.None)
{
    /// <inheritdoc cref="JanusEvent.Type"/>
    public new JanusEventType Type { get => base.Type; init => base.Type = value; }

    /// <summary>The body (<c>event</c>) as it came; empty when there was none.</summary>
    public RawJson Body { get; init; }

    internal static EventKind<UnknownEvent> Description { get; } = new("unknown", () => new UnknownEvent())
    {
        Table = "unknown",
        Properties = new(),
    };
}
