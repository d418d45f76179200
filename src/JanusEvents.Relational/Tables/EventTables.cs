using JanusEvents.Events;

using static JanusEvents.Relational.Tables.ColumnKind;

namespace JanusEvents.Relational.Tables;

/// <summary>
/// The one place that says which event goes to which table and which of its properties to which column, for every
/// database alike: the twelve published tables, with the published columns first, and tables for what had none.
/// </summary>
internal static class EventTables
{
    private static readonly string[] s_bySession = ["session"];
    private static readonly string[] s_bySessionAndHandle = ["session", "handle"];
    private static readonly string[] s_byTime = ["timestamp"];

    private static readonly EventColumn s_session = Published("session", Integer, "session_id", e => e.SessionId);
    private static readonly EventColumn s_handle = Published("handle", Integer, "handle_id", e => e.HandleId);
    private static readonly EventColumn s_timestamp = Published("timestamp", Time, "timestamp", e => e.Timestamp?.UtcDateTime);
    private static readonly EventColumn s_emitter = Column("emitter", ShortText, "emitter", e => e.Emitter);
    private static readonly EventColumn s_opaqueId = Column("opaque_id", ShortText, "opaque_id", e => e.OpaqueId);
    private static readonly EventColumn s_subtype = Column("subtype", Integer, "subtype", e => (long?)e.Subtype);

    private static readonly EventTable s_sessions = new(
        "sessions",
        JanusEventType.Session,
        [
            s_session,
            Published<SessionEvent>("event", ShortText, "event.name", e => e.Name),
            s_timestamp,
            s_emitter,
            Column<SessionEvent>("transport", ShortText, "event.transport.transport", e => e.Transport),
            Column<SessionEvent>("transport_id", ShortText, "event.transport.id", e => e.TransportId),
        ],
        s_bySession,
        s_byTime);

    private static readonly EventTable s_handles = new(
        "handles",
        JanusEventType.Handle,
        [
            s_session,
            s_handle,
            Published<HandleEvent>("event", ShortText, "event.name", e => e.Name),
            Published<HandleEvent>("plugin", ShortText, "event.plugin", e => e.Plugin),
            s_timestamp,
            s_emitter,
            s_opaqueId,
            Column<HandleEvent>("body_opaque_id", ShortText, "event.opaque_id", e => e.BodyOpaqueId),
            Column<HandleEvent>("token", ShortText, "event.token", e => e.Token),
        ],
        s_bySessionAndHandle,
        s_byTime);

    private static readonly EventTable s_core = new(
        "core",
        JanusEventType.Core,
        [
            Published<CoreEvent>("name", ShortText, null, e => e.Status is null ? null : "status"),
            Published<CoreEvent>("value", ShortText, "event.status", e => e.Status) with
            {
                GivesBack = (value, _) => !PublishedShutdown.IsIn((string)value),
            },
            s_timestamp,
            s_emitter,
            s_subtype,
            Column<CoreEvent>("info", Json, "event.info", e => Compact(e.Info)),
            Column<CoreEvent>("signum", Integer, "event.signum", e => e.Signum),
        ],
        s_byTime);

    private static readonly EventTable s_sdps = OfHandle(
        "sdps",
        JanusEventType.Jsep,
        [
            Published<JsepEvent>("remote", ColumnKind.Boolean, "event.owner", e => Is(e.Owner, "remote")) with
            {
                GivesBack = (value, e) => ((JsepEvent)e).Owner == Owner(value),
                ToText = Owner,
            },
            Published<JsepEvent>("offer", ColumnKind.Boolean, "event.jsep.type", e => Is(e.SdpType, "offer")) with
            {
                GivesBack = (value, e) => ((JsepEvent)e).SdpType == SdpType(value),
                ToText = SdpType,
            },
            Published<JsepEvent>("sdp", LongText, "event.jsep.sdp", e => e.Sdp),
        ],
        []);

    private static readonly EventTable s_ice = OfPlace<IceStateEvent>(
        "ice",
        e => e.StreamId,
        e => e.ComponentId,
        [Published<IceStateEvent>("state", ShortText, "event.ice", e => e.State)],
        []);

    private static readonly EventTable s_selectedPairs = OfPlace<SelectedPairEvent>(
        "selectedpairs",
        e => e.StreamId,
        e => e.ComponentId,
        [Published<SelectedPairEvent>("selected", ShortText, "event.selected-pair", e => e.Pair)],
        [
            .. Candidate("local", e => e.Local),
            .. Candidate("remote", e => e.Remote),
        ]);

    private static readonly EventTable s_dtls = OfPlace<DtlsEvent>(
        "dtls",
        e => e.StreamId,
        e => e.ComponentId,
        [Published<DtlsEvent>("state", ShortText, "event.dtls", e => e.State)],
        [Column<DtlsEvent>("retransmissions", Integer, "event.retransmissions", e => e.Retransmissions)]);

    private static readonly EventTable s_connections = OfHandle(
        "connections",
        JanusEventType.WebRtc,
        [Published<ConnectionEvent>("state", ShortText, "event.connection", e => e.State)],
        [s_subtype, Column<ConnectionEvent>("reason", ShortText, "event.reason", e => e.Reason)]);

    private static readonly EventTable s_media = OfHandle(
        "media",
        JanusEventType.Media,
        [
            Published<MediaStateEvent>("medium", ShortText, "event.media", e => e.Media),
            Published<MediaStateEvent>("receiving", ColumnKind.Boolean, "event.receiving", e => e.Receiving),
        ],
        [
            s_subtype,
            Column<MediaStateEvent>("mid", ShortText, "event.mid", e => e.Mid),
            Column<MediaStateEvent>("substream", Integer, "event.substream", e => e.Substream),
            Column<MediaStateEvent>("seconds", Integer, "event.seconds", e => e.Seconds),
        ]);

    private static readonly EventTable s_stats = OfHandle(
        "stats",
        JanusEventType.Media,
        [
            Published<MediaStatsEvent>("medium", ShortText, "event.media", e => e.Media),
            Published<MediaStatsEvent>("base", Integer, "event.base", e => e.Base),
            Published<MediaStatsEvent>("lsr", Integer, "event.lsr", e => e.Lsr),
            Published<MediaStatsEvent>("lostlocal", Integer, "event.lost", e => e.Lost),
            Published<MediaStatsEvent>("lostremote", Integer, "event.lost-by-remote", e => e.LostByRemote),
            Published<MediaStatsEvent>("jitterlocal", Integer, "event.jitter-local", e => e.JitterLocal),
            Published<MediaStatsEvent>("jitterremote", Integer, "event.jitter-remote", e => e.JitterRemote),
            Published<MediaStatsEvent>("packetssent", Integer, "event.packets-sent", e => e.PacketsSent),
            Published<MediaStatsEvent>("packetsrecv", Integer, "event.packets-received", e => e.PacketsReceived),
            Published<MediaStatsEvent>("bytessent", Integer, "event.bytes-sent", e => e.BytesSent),
            Published<MediaStatsEvent>("bytesrecv", Integer, "event.bytes-received", e => e.BytesReceived),
            Published<MediaStatsEvent>("nackssent", Integer, "event.nacks-sent", e => e.NacksSent),
            Published<MediaStatsEvent>("nacksrecv", Integer, "event.nacks-received", e => e.NacksReceived),
        ],
        [
            s_subtype,
            Column<MediaStatsEvent>("part", Integer, null, e => (long?)e.Part),
            Column<MediaStatsEvent>("mid", ShortText, "event.mid", e => e.Mid),
            Column<MediaStatsEvent>("mindex", Integer, "event.mindex", e => e.Mindex),
            Codec("codec", "codec", CodecProperty.Codec),
            Codec("audiocodec", "audio-codec", CodecProperty.AudioCodec),
            Codec("videocodec", "video-codec", CodecProperty.VideoCodec),
            Column<MediaStatsEvent>("rtt", Integer, "event.rtt", e => e.Rtt),
            Column<MediaStatsEvent>("rttntp", Integer, "event.rtt-values.ntp", e => e.RttNtp),
            Column<MediaStatsEvent>("rttlsr", Integer, "event.rtt-values.lsr", e => e.RttLsr),
            Column<MediaStatsEvent>("rttdlsr", Integer, "event.rtt-values.dlsr", e => e.RttDlsr),
            Column<MediaStatsEvent>("inquality", Integer, "event.in-link-quality", e => e.InLinkQuality),
            Column<MediaStatsEvent>("inmediaquality", Integer, "event.in-media-link-quality", e => e.InMediaLinkQuality),
            Column<MediaStatsEvent>("outquality", Integer, "event.out-link-quality", e => e.OutLinkQuality),
            Column<MediaStatsEvent>("outmediaquality", Integer, "event.out-media-link-quality", e => e.OutMediaLinkQuality),
            Column<MediaStatsEvent>("bytesrecvlastsec", Integer, "event.bytes-received-lastsec", e => e.BytesReceivedLastSecond),
            Column<MediaStatsEvent>("bytessentlastsec", Integer, "event.bytes-sent-lastsec", e => e.BytesSentLastSecond),
            Column<MediaStatsEvent>("retransmissionsrecv", Integer, "event.retransmissions-received", e => e.RetransmissionsReceived),
            Column<MediaStatsEvent>("remb", Integer, "event.remb-bitrate", e => e.RembBitrate),
        ]);

    private static readonly EventTable s_plugins = OfHandle(
        "plugins",
        JanusEventType.Plugin,
        [
            Published<PluginEvent>("plugin", ShortText, "event.plugin", e => e.Plugin),
            Published<PluginEvent>("event", Json, "event.data", e => Compact(e.Data)),
        ],
        []);

    private static readonly EventTable s_transports = OfHandle(
        "transports",
        JanusEventType.Transport,
        [
            Published<TransportEvent>("plugin", ShortText, "event.transport", e => e.Transport),
            Published<TransportEvent>("event", Json, "event.data", e => Compact(e.Data)),
        ],
        [Column<TransportEvent>("instance", ShortText, "event.id", e => e.Id)]);

    private static readonly EventTable s_candidates = OfHandle(
        "candidates",
        JanusEventType.WebRtc,
        [
            Column("stream", Integer, "event.stream_id", e => (e as LocalCandidateEvent)?.StreamId ?? (e as RemoteCandidateEvent)?.StreamId),
            Column("component", Integer, "event.component_id", e => (e as LocalCandidateEvent)?.ComponentId ?? (e as RemoteCandidateEvent)?.ComponentId),
            Column("remote", ColumnKind.Boolean, null, e => e is RemoteCandidateEvent),
            Column("local_candidate", LongText, "event.local-candidate", e => (e as LocalCandidateEvent)?.Candidate),
            Column("remote_candidate", LongText, "event.remote-candidate", e => (e as RemoteCandidateEvent)?.Candidate),
        ],
        [s_subtype]);

    private static readonly EventTable s_slowLinks = OfHandle(
        "slowlinks",
        JanusEventType.Media,
        [
            Column<SlowLinkEvent>("medium", ShortText, "event.media", e => e.Media),
            Column<SlowLinkEvent>("mid", ShortText, "event.mid", e => e.Mid),
            Column<SlowLinkEvent>("direction", ShortText, "event.slow_link", e => e.SlowLink),
            Column<SlowLinkEvent>("lost", Integer, "event.lost_lastsec", e => e.LostLastSecond),
            Column<SlowLinkEvent>("nacks", Integer, "event.nacks_lastsec", e => e.NacksLastSecond),
        ],
        [s_subtype]);

    private static readonly EventTable s_external = new(
        "external",
        JanusEventType.External,
        [
            Column<ExternalEvent>("eventschema", ShortText, "event.schema", e => e.Schema),
            Column<ExternalEvent>("event", Json, "event.data", e => Compact(e.Data)),
            s_timestamp,
            s_emitter,
        ],
        s_byTime);

    // Whole events, so that nothing of them is taken apart; the columns before are to find them by.
    private static readonly EventTable s_unknown = new(
        "unknown",
        JanusEventType.None,
        [
            s_session with { Path = null },
            s_handle with { Path = null },
            Column("type", Integer, null, e => (long)e.Type),
            s_subtype with { Path = null },
            Column("event", Json, null, e => Compact(e.Json)),
            s_timestamp with { Path = null },
            s_emitter with { Path = null },
            s_opaqueId with { Path = null },
        ],
        s_bySessionAndHandle,
        s_byTime);

    /// <summary>Every table of events: first the published ones, in the order of the published script.</summary>
    public static IReadOnlyList<EventTable> All { get; } =
    [
        s_sessions, s_handles, s_core, s_sdps, s_ice, s_selectedPairs, s_dtls, s_connections, s_media, s_stats, s_plugins,
        s_transports, s_candidates, s_slowLinks, s_external, s_unknown,
    ];

    private static readonly Dictionary<Type, EventTable> s_byKind = new()
    {
        [typeof(SessionEvent)] = s_sessions,
        [typeof(HandleEvent)] = s_handles,
        [typeof(CoreEvent)] = s_core,
        [typeof(JsepEvent)] = s_sdps,
        [typeof(IceStateEvent)] = s_ice,
        [typeof(LocalCandidateEvent)] = s_candidates,
        [typeof(RemoteCandidateEvent)] = s_candidates,
        [typeof(SelectedPairEvent)] = s_selectedPairs,
        [typeof(DtlsEvent)] = s_dtls,
        [typeof(ConnectionEvent)] = s_connections,
        [typeof(MediaStateEvent)] = s_media,
        [typeof(SlowLinkEvent)] = s_slowLinks,
        [typeof(MediaStatsEvent)] = s_stats,
        [typeof(PluginEvent)] = s_plugins,
        [typeof(TransportEvent)] = s_transports,
        [typeof(ExternalEvent)] = s_external,
    };

    /// <summary>The table that an event belongs to.</summary>
    public static EventTable For(JanusEvent e) => For(e.GetType());

    /// <summary>The table that events of a kind belong to.</summary>
    public static EventTable For(Type kind) => s_byKind.GetValueOrDefault(kind, s_unknown);

    private static EventTable OfHandle(
        string name,
        JanusEventType type,
        ReadOnlySpan<EventColumn> columns,
        ReadOnlySpan<EventColumn> further) =>
        new(
            name,
            type,
            [s_session, s_handle, .. columns, s_timestamp, s_emitter, s_opaqueId, .. further],
            s_bySessionAndHandle,
            s_byTime);

    private static EventTable OfPlace<TEvent>(
        string name,
        Func<TEvent, long?> stream,
        Func<TEvent, long?> component,
        ReadOnlySpan<EventColumn> columns,
        ReadOnlySpan<EventColumn> further)
        where TEvent : JanusEvent =>
        OfHandle(
            name,
            JanusEventType.WebRtc,
            [
                Published<TEvent>("stream", Integer, "event.stream_id", e => stream(e)),
                Published<TEvent>("component", Integer, "event.component_id", e => component(e)),
                .. columns,
            ],
            [s_subtype, .. further]);

    private static EventColumn[] Candidate(string side, Func<SelectedPairEvent, IceCandidate?> candidate) =>
    [
        Column<SelectedPairEvent>($"{side}address", ShortText, $"event.candidates.{side}.address", e => candidate(e)?.Address),
        Column<SelectedPairEvent>($"{side}port", Integer, $"event.candidates.{side}.port", e => candidate(e)?.Port),
        Column<SelectedPairEvent>($"{side}type", ShortText, $"event.candidates.{side}.type", e => candidate(e)?.Type),
        Column<SelectedPairEvent>($"{side}transport", ShortText, $"event.candidates.{side}.transport", e => candidate(e)?.Transport),
        Column<SelectedPairEvent>($"{side}family", Integer, $"event.candidates.{side}.family", e => candidate(e)?.Family),
    ];

    private static EventColumn Codec(string name, string property, CodecProperty which) =>
        Column<MediaStatsEvent>(name, ShortText, $"event.{property}", e => e.CodecProperty == which ? e.Codec : null);

    private static EventColumn Published(string name, ColumnKind kind, string? path, Func<JanusEvent, object?> read) =>
        new(name, kind, path, read) { Published = true };

    private static EventColumn Published<TEvent>(string name, ColumnKind kind, string? path, Func<TEvent, object?> read)
        where TEvent : JanusEvent =>
        Published(name, kind, path, e => read((TEvent)e));

    private static EventColumn Column(string name, ColumnKind kind, string? path, Func<JanusEvent, object?> read) =>
        new(name, kind, path, read);

    private static EventColumn Column<TEvent>(string name, ColumnKind kind, string? path, Func<TEvent, object?> read)
        where TEvent : JanusEvent =>
        Column(name, kind, path, e => read((TEvent)e));

    private static bool? Is(string? value, string expected) =>
        value is null ? null : string.Equals(value, expected, StringComparison.OrdinalIgnoreCase);

    private static string Owner(object remote) => (bool)remote ? "remote" : "local";

    private static string SdpType(object offer) => (bool)offer ? "offer" : "answer";

    private static string? Compact(RawJson json) => json.IsEmpty ? null : json.ToCompactString();
}
