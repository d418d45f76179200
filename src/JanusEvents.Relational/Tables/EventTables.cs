namespace JanusEvents.Relational.Tables;

/// <summary>
/// The one place that says which event goes to which table and which of its properties to which column: the twelve
/// published tables, for every database alike.
/// </summary>
internal static class EventTables
{
    private static readonly EventColumn s_session = Column("session", ColumnKind.Integer, "session_id", e => e.SessionId);
    private static readonly EventColumn s_handle = Column("handle", ColumnKind.Integer, "handle_id", e => e.HandleId);
    private static readonly EventColumn s_timestamp =
        Column("timestamp", ColumnKind.Time, "timestamp", e => e.Timestamp?.UtcDateTime);

    private static readonly string[] s_bySession = ["session"];
    private static readonly string[] s_bySessionAndHandle = ["session", "handle"];
    private static readonly string[] s_byTime = ["timestamp"];

    private static readonly EventTable s_sessions = new(
        "sessions",
        [
            s_session,
            Column<SessionEvent>("event", ColumnKind.ShortText, "event.name", e => e.Name),
            s_timestamp,
        ],
        s_bySession,
        s_byTime);

    private static readonly EventTable s_handles = OfHandle(
        "handles",
        Column<HandleEvent>("event", ColumnKind.ShortText, "event.name", e => e.Name),
        Column<HandleEvent>("plugin", ColumnKind.ShortText, "event.plugin", e => e.Plugin));

    private static readonly EventTable s_core = new(
        "core",
        [
            Column<CoreEvent>("name", ColumnKind.ShortText, "event", e => e.Status is null ? null : "status"),
            Column<CoreEvent>("value", ColumnKind.ShortText, "event.status", e => e.Status),
            s_timestamp,
        ],
        s_byTime);

    private static readonly EventTable s_sdps = OfHandle(
        "sdps",
        Column<JsepEvent>("remote", ColumnKind.Boolean, "event.owner", e => Is(e.Owner, "remote")),
        Column<JsepEvent>("offer", ColumnKind.Boolean, "event.jsep.type", e => Is(e.SdpType, "offer")),
        Column<JsepEvent>("sdp", ColumnKind.LongText, "event.jsep.sdp", e => e.Sdp));

    private static readonly EventTable s_ice = OfHandle(
        "ice",
        Column<IceStateEvent>("stream", ColumnKind.Integer, "event.stream_id", e => e.StreamId),
        Column<IceStateEvent>("component", ColumnKind.Integer, "event.component_id", e => e.ComponentId),
        Column<IceStateEvent>("state", ColumnKind.ShortText, "event.ice", e => e.State));

    private static readonly EventTable s_selectedPairs = OfHandle(
        "selectedpairs",
        Column<SelectedPairEvent>("stream", ColumnKind.Integer, "event.stream_id", e => e.StreamId),
        Column<SelectedPairEvent>("component", ColumnKind.Integer, "event.component_id", e => e.ComponentId),
        Column<SelectedPairEvent>("selected", ColumnKind.ShortText, "event.selected-pair", e => e.Pair));

    private static readonly EventTable s_dtls = OfHandle(
        "dtls",
        Column<DtlsEvent>("stream", ColumnKind.Integer, "event.stream_id", e => e.StreamId),
        Column<DtlsEvent>("component", ColumnKind.Integer, "event.component_id", e => e.ComponentId),
        Column<DtlsEvent>("state", ColumnKind.ShortText, "event.dtls", e => e.State));

    private static readonly EventTable s_connections = OfHandle(
        "connections",
        Column<ConnectionEvent>("state", ColumnKind.ShortText, "event.connection", e => e.State));

    private static readonly EventTable s_media = OfHandle(
        "media",
        Column<MediaStateEvent>("medium", ColumnKind.ShortText, "event.media", e => e.Media),
        Column<MediaStateEvent>("receiving", ColumnKind.Boolean, "event.receiving", e => e.Receiving));

    private static readonly EventTable s_stats = OfHandle(
        "stats",
        Column<MediaStatsEvent>("medium", ColumnKind.ShortText, "event.media", e => e.Media),
        Column<MediaStatsEvent>("base", ColumnKind.Integer, "event.base", e => e.Base),
        Column<MediaStatsEvent>("lsr", ColumnKind.Integer, "event.lsr", e => e.Lsr),
        Column<MediaStatsEvent>("lostlocal", ColumnKind.Integer, "event.lost", e => e.Lost),
        Column<MediaStatsEvent>("lostremote", ColumnKind.Integer, "event.lost-by-remote", e => e.LostByRemote),
        Column<MediaStatsEvent>("jitterlocal", ColumnKind.Integer, "event.jitter-local", e => e.JitterLocal),
        Column<MediaStatsEvent>("jitterremote", ColumnKind.Integer, "event.jitter-remote", e => e.JitterRemote),
        Column<MediaStatsEvent>("packetssent", ColumnKind.Integer, "event.packets-sent", e => e.PacketsSent),
        Column<MediaStatsEvent>("packetsrecv", ColumnKind.Integer, "event.packets-received", e => e.PacketsReceived),
        Column<MediaStatsEvent>("bytessent", ColumnKind.Integer, "event.bytes-sent", e => e.BytesSent),
        Column<MediaStatsEvent>("bytesrecv", ColumnKind.Integer, "event.bytes-received", e => e.BytesReceived),
        Column<MediaStatsEvent>("nackssent", ColumnKind.Integer, "event.nacks-sent", e => e.NacksSent),
        Column<MediaStatsEvent>("nacksrecv", ColumnKind.Integer, "event.nacks-received", e => e.NacksReceived));

    private static readonly EventTable s_plugins = OfHandle(
        "plugins",
        Column<PluginEvent>("plugin", ColumnKind.ShortText, "event.plugin", e => e.Plugin),
        Column<PluginEvent>("event", ColumnKind.LongText, "event.data", e => Compact(e.Data)));

    private static readonly EventTable s_transports = OfHandle(
        "transports",
        Column<TransportEvent>("plugin", ColumnKind.ShortText, "event.transport", e => e.Transport),
        Column<TransportEvent>("event", ColumnKind.LongText, "event.data", e => Compact(e.Data)));

    /// <summary>Every table of events, in the order in which the published script makes them.</summary>
    public static IReadOnlyList<EventTable> All { get; } =
    [
        s_sessions, s_handles, s_core, s_sdps, s_ice, s_selectedPairs, s_dtls, s_connections, s_media, s_stats, s_plugins,
        s_transports,
    ];

    /// <summary>The table that an event belongs to.</summary>
    /// <returns>The table, or null for kinds that the published tables have none for.</returns>
    public static EventTable? For(JanusEvent e) => e switch
    {
        MediaStatsEvent => s_stats,
        SessionEvent => s_sessions,
        HandleEvent => s_handles,
        CoreEvent => s_core,
        JsepEvent => s_sdps,
        IceStateEvent => s_ice,
        SelectedPairEvent => s_selectedPairs,
        DtlsEvent => s_dtls,
        ConnectionEvent => s_connections,
        MediaStateEvent => s_media,
        PluginEvent => s_plugins,
        TransportEvent => s_transports,
        _ => null,
    };

    private static EventTable OfHandle(string name, params ReadOnlySpan<EventColumn> columns) =>
        new(name, [s_session, s_handle, .. columns, s_timestamp], s_bySessionAndHandle, s_byTime);

    private static EventColumn Column(string name, ColumnKind kind, string source, Func<JanusEvent, object?> read) =>
        new(name, kind, source, read);

    private static EventColumn Column<TEvent>(string name, ColumnKind kind, string source, Func<TEvent, object?> read)
        where TEvent : JanusEvent =>
        new(name, kind, source, e => read((TEvent)e));

    private static bool? Is(string? value, string expected) =>
        value is null ? null : string.Equals(value, expected, StringComparison.OrdinalIgnoreCase);

    private static string? Compact(RawJson json) => json.IsEmpty ? null : json.ToCompactString();
}
