namespace JanusEvents.Events.Json;

/// <summary>The form that the body of an event has, by what is known of the event so far.</summary>
internal enum BodyKind
{
    /// <summary>The type has several forms and the subtype is not known (yet): the body's keys must tell.</summary>
    Undetermined,
    Unknown,
    Session,
    Handle,
    External,
    Jsep,
    IceState,
    LocalCandidate,
    RemoteCandidate,
    SelectedPair,
    Dtls,
    Connection,
    MediaState,
    SlowLink,
    MediaStats,
    Plugin,
    Transport,
    Core,
}
