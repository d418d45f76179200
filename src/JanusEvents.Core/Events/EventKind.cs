namespace JanusEvents.Events;

/// <summary>The kinds that events are counted by: one for each record.</summary>
internal enum EventKind
{
    MediaStats,
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
    Plugin,
    Transport,
    Core,
    Unknown,
}
