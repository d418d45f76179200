using JanusEvents.Events.Json;

namespace JanusEvents.Events;

/// <summary>
/// The description of a kind of event: its record, its properties as Janus writes them, and its table. The reader and the
/// writer of JSON, the metrics and the stores follow it.
/// </summary>
/// <param name="name">The name of the kind in tags of metrics.</param>
/// <param name="blank">An event without properties, which has the type and subtype of the kind.</param>
internal abstract class EventKind(string name, JanusEvent blank)
{
    public string Name { get; } = name;

    public Type Record { get; } = blank.GetType();

    public JanusEventType Type { get; } = blank.Type;

    /// <summary>The subtype; null where every subtype of the type is of this kind.</summary>
    public int? Subtype { get; } = blank.Subtype;

    public EventScope Scope { get; init; } = EventScope.Handle;

    /// <summary>The table that a store keeps such events in; several kinds may share one.</summary>
    public required string Table { get; init; }

    /// <summary>The table's own columns as it was published in 2016, in their order; none for a newer table.</summary>
    public IReadOnlyList<string> PublishedColumns { get; init; } = [];

    /// <summary>Values with a column that no property of the JSON has.</summary>
    public IReadOnlyList<EventValue> DerivedValues { get; init; } = [];

    /// <summary>All values that have a column: the derived ones, and those of the properties in Janus's order.</summary>
    public abstract IReadOnlyList<EventValue> Values { get; }

    /// <summary>Whether a body with a property is of this kind where the subtype is missing (Janus before 0.9.1).</summary>
    public abstract bool IsDecidedBy(ReadOnlySpan<byte> property);

    /// <summary>Reads the object that the reader has entered.</summary>
    public abstract JanusEvent Read(ref EventReader reader);

    /// <summary>Writes the properties that an event has.</summary>
    public abstract void Write(JanusEvent e, JsonText text);
}

/// <summary>The description of a kind of event, typed by its record.</summary>
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
