namespace JanusEvents.Events;

/// <summary>Says of what kind an event is, and what tags call it.</summary>
internal static class EventKinds
{
    /// <summary>The names of the kinds in tags, in the order of <see cref="EventKind"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "media_stats", "session", "handle", "external", "jsep", "ice_state", "local_candidate", "remote_candidate",
        "selected_pair", "dtls", "connection", "media_state", "slow_link", "plugin", "transport", "core", "unknown",
    ];

    public static EventKind Of(JanusEvent e) => e switch
    {
        MediaStatsEvent => EventKind.MediaStats,
        PluginEvent => EventKind.Plugin,
        LocalCandidateEvent => EventKind.LocalCandidate,
        RemoteCandidateEvent => EventKind.RemoteCandidate,
        SessionEvent => EventKind.Session,
        HandleEvent => EventKind.Handle,
        JsepEvent => EventKind.Jsep,
        IceStateEvent => EventKind.IceState,
        SelectedPairEvent => EventKind.SelectedPair,
        DtlsEvent => EventKind.Dtls,
        ConnectionEvent => EventKind.Connection,
        MediaStateEvent => EventKind.MediaState,
        SlowLinkEvent => EventKind.SlowLink,
        TransportEvent => EventKind.Transport,
        CoreEvent => EventKind.Core,
        ExternalEvent => EventKind.External,
        _ => EventKind.Unknown,
    };
}
