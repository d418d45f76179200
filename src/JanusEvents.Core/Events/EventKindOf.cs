using JanusEvents.Events.Json;

namespace JanusEvents.Events;

/// <summary>The description of a kind of event by its record.</summary>
/// <param name="name">The name of the kind in tags of metrics.</param>
/// <param name="create">Creates an event without properties.</param>
internal sealed class EventKind<TEvent>(string name, Func<TEvent> create) : EventKind(name, create())
    where TEvent : JanusEvent
{
    private IReadOnlyList<EventValue>? _values;

    /// <summary>The properties of the body in Janus's order.</summary>
    public required PropertyList<TEvent> Properties { get; init; }

    public override IReadOnlyList<EventValue> Values => _values ??= [.. DerivedValues, .. Properties.Values("event.")];

    public override bool IsDecidedBy(ReadOnlySpan<byte> property) => Properties.Find(property) is { DecidesKind: true };

    public override TEvent Read(ref EventReader reader)
    {
        TEvent e = create();
        Properties.Read(ref reader, e);
        return e;
    }

    public override void Write(JanusEvent e, JsonText text) => Properties.Write((TEvent)e, text);
}
