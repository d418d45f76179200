namespace JanusEvents.Rooms;

/// <summary>The properties of plugin events that facts are made of.</summary>
internal enum PluginProperty
{
    Event,
    Status,
    VideoRoom,
    AudioBridge,
    TextRoom,
    Room,
    Id,
    Feed,
    UserName,
    Display,
    DisplayName,
    Callee,
    CallId,
    ReferId,
    UniqueId,
    Identity,
    PrivateId,
    Streams,
}
