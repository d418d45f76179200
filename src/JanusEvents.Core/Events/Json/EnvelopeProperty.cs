namespace JanusEvents.Events.Json;

/// <summary>What every event has around its body.</summary>
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
