namespace JanusEvents;

/// <summary>
/// The kind of thing an event reports: the <c>type</c> of Janus's event envelope. The values are Janus's own bit
/// flags, so a number that is not listed here (a later release's kind) is kept as it came.
/// </summary>
public enum JanusEventType
{
    /// <summary>No type: never sent by Janus.</summary>
    None = 0,

    /// <summary>A session was created, destroyed or timed out: <see cref="SessionEvent"/>.</summary>
    Session = 1,

    /// <summary>A handle was attached to or detached from a plugin: <see cref="HandleEvent"/>.</summary>
    Handle = 2,

    /// <summary>An event of somebody else's, sent through Janus's Admin API: <see cref="ExternalEvent"/>.</summary>
    External = 4,

    /// <summary>An SDP offer or answer: <see cref="JsepEvent"/>.</summary>
    Jsep = 8,

    /// <summary>
    /// ICE, candidates, DTLS and the state of a PeerConnection: <see cref="IceStateEvent"/>,
    /// <see cref="LocalCandidateEvent"/>, <see cref="RemoteCandidateEvent"/>, <see cref="SelectedPairEvent"/>,
    /// <see cref="DtlsEvent"/>, <see cref="ConnectionEvent"/>.
    /// </summary>
    WebRtc = 16,

    /// <summary>
    /// Media that starts and stops, slow links and statistics: <see cref="MediaStateEvent"/>,
    /// <see cref="SlowLinkEvent"/>, <see cref="MediaStatsEvent"/>.
    /// </summary>
    Media = 32,

    /// <summary>An event of a plugin: <see cref="PluginEvent"/>.</summary>
    Plugin = 64,

    /// <summary>An event of a transport: <see cref="TransportEvent"/>.</summary>
    Transport = 128,

    /// <summary>Janus itself started, reported its counters or shuts down: <see cref="CoreEvent"/>.</summary>
    Core = 256,
}
