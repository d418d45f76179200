namespace JanusEvents.Events.Json;

/// <summary>Says which form of body belongs to a type, a subtype and, before Janus 0.9.1, to the body's keys.</summary>
internal static class BodyKinds
{
    private static readonly PropertyNames<BodyKind> s_byKey = new(
        ("ice", BodyKind.IceState),
        ("local-candidate", BodyKind.LocalCandidate),
        ("remote-candidate", BodyKind.RemoteCandidate),
        ("selected-pair", BodyKind.SelectedPair),
        ("dtls", BodyKind.Dtls),
        ("connection", BodyKind.Connection),
        ("receiving", BodyKind.MediaState),
        ("slow_link", BodyKind.SlowLink),
        ("packets-received", BodyKind.MediaStats),
        ("base", BodyKind.MediaStats));

    public static BodyKind Of(JanusEventType type, int? subtype) => (type, subtype) switch
    {
        (JanusEventType.Session, _) => BodyKind.Session,
        (JanusEventType.Handle, _) => BodyKind.Handle,
        (JanusEventType.External, _) => BodyKind.External,
        (JanusEventType.Jsep, _) => BodyKind.Jsep,
        (JanusEventType.WebRtc, 1) => BodyKind.IceState,
        (JanusEventType.WebRtc, 2) => BodyKind.LocalCandidate,
        (JanusEventType.WebRtc, 3) => BodyKind.RemoteCandidate,
        (JanusEventType.WebRtc, 4) => BodyKind.SelectedPair,
        (JanusEventType.WebRtc, 5) => BodyKind.Dtls,
        (JanusEventType.WebRtc, 6) => BodyKind.Connection,
        (JanusEventType.Media, 1) => BodyKind.MediaState,
        (JanusEventType.Media, 2) => BodyKind.SlowLink,
        (JanusEventType.Media, 3) => BodyKind.MediaStats,
        (JanusEventType.WebRtc or JanusEventType.Media, null) => BodyKind.Undetermined,
        (JanusEventType.Plugin, _) => BodyKind.Plugin,
        (JanusEventType.Transport, _) => BodyKind.Transport,
        (JanusEventType.Core, _) => BodyKind.Core,
        _ => BodyKind.Unknown,
    };

    /// <summary>The form that a key tells of, if it belongs to the type.</summary>
    public static bool TryOfKey(JanusEventType type, ReadOnlySpan<byte> key, out BodyKind kind) =>
        s_byKey.TryFind(key, out kind)
        && (type == JanusEventType.WebRtc) == kind is >= BodyKind.IceState and <= BodyKind.Connection;
}
