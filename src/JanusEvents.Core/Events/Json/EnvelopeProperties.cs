namespace JanusEvents.Events.Json;

/// <summary>The names of an event's own properties, in the order in which Janus sends them.</summary>
internal static class EnvelopeProperties
{
    public static readonly PropertyNames<EnvelopeProperty> Names = new(
        ("emitter", EnvelopeProperty.Emitter),
        ("type", EnvelopeProperty.Type),
        ("subtype", EnvelopeProperty.Subtype),
        ("timestamp", EnvelopeProperty.Timestamp),
        ("session_id", EnvelopeProperty.SessionId),
        ("handle_id", EnvelopeProperty.HandleId),
        ("opaque_id", EnvelopeProperty.OpaqueId),
        ("event", EnvelopeProperty.Event));
}

/// <summary>The properties that every event has around its body.</summary>
internal enum EnvelopeProperty
{
    Emitter,
    Type,
    Subtype,
    Timestamp,
    SessionId,
    HandleId,
    OpaqueId,
    Event,
}
