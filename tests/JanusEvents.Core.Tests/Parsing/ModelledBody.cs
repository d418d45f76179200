using System.Text.Json;
using static JanusEvents.Core.Tests.Parsing.ModelledProperty;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>
/// What the model covers, written down a second time: the record of each kind of body, and the JSON name of each of
/// its properties. The parser's tables are not looked at.
/// </summary>
internal sealed record ModelledBody(Type Record, params ModelledProperty[] Properties)
{
    /// <summary>The envelope; its <c>event</c> is what the other tables are about.</summary>
    public static readonly ModelledBody Envelope = new(
        typeof(JanusEvent),
        Of<JanusEvent>("emitter", e => e.Emitter),
        Of<JanusEvent>("type", e => (long)e.Type),
        new(["subtype"], e => (long?)e.Subtype, v => Int32(v)),
        new(["timestamp"], e => e.Timestamp, v => Time(v)),
        Of<JanusEvent>("session_id", e => e.SessionId),
        Of<JanusEvent>("handle_id", e => e.HandleId),
        Of<JanusEvent>("opaque_id", e => e.OpaqueId));

    public static readonly ModelledBody Session = new(
        typeof(SessionEvent),
        Of<SessionEvent>("name", e => e.Name),
        Of<SessionEvent>("transport.transport", e => e.Transport),
        Of<SessionEvent>("transport.id", e => e.TransportId));

    public static readonly ModelledBody Handle = new(
        typeof(HandleEvent),
        Of<HandleEvent>("name", e => e.Name),
        Of<HandleEvent>("plugin", e => e.Plugin),
        Of<HandleEvent>("opaque_id", e => e.BodyOpaqueId),
        Of<HandleEvent>("token", e => e.Token));

    public static readonly ModelledBody External = new(
        typeof(ExternalEvent),
        Of<ExternalEvent>("schema", e => e.Schema),
        Of<ExternalEvent>("data", e => e.Data));

    public static readonly ModelledBody Jsep = new(
        typeof(JsepEvent),
        Of<JsepEvent>("owner", e => e.Owner),
        Of<JsepEvent>("jsep.type", e => e.SdpType),
        Of<JsepEvent>("jsep.sdp", e => e.Sdp));

    public static readonly ModelledBody IceState = new(
        typeof(IceStateEvent),
        Of<IceStateEvent>("ice", e => e.State),
        Of<IceStateEvent>("stream_id", e => e.StreamId),
        Of<IceStateEvent>("component_id", e => e.ComponentId));

    public static readonly ModelledBody LocalCandidate = new(
        typeof(LocalCandidateEvent),
        Of<LocalCandidateEvent>("local-candidate", e => e.Candidate),
        Of<LocalCandidateEvent>("stream_id", e => e.StreamId),
        Of<LocalCandidateEvent>("component_id", e => e.ComponentId));

    public static readonly ModelledBody RemoteCandidate = new(
        typeof(RemoteCandidateEvent),
        Of<RemoteCandidateEvent>("remote-candidate", e => e.Candidate),
        Of<RemoteCandidateEvent>("stream_id", e => e.StreamId),
        Of<RemoteCandidateEvent>("component_id", e => e.ComponentId));

    public static readonly ModelledBody SelectedPair = new(
        typeof(SelectedPairEvent),
        Of<SelectedPairEvent>("selected-pair", e => e.Pair),
        Of<SelectedPairEvent>("candidates.local.address", e => e.Local?.Address),
        Of<SelectedPairEvent>("candidates.local.port", e => e.Local?.Port),
        Of<SelectedPairEvent>("candidates.local.type", e => e.Local?.Type),
        Of<SelectedPairEvent>("candidates.local.transport", e => e.Local?.Transport),
        Of<SelectedPairEvent>("candidates.local.family", e => e.Local?.Family),
        Of<SelectedPairEvent>("candidates.remote.address", e => e.Remote?.Address),
        Of<SelectedPairEvent>("candidates.remote.port", e => e.Remote?.Port),
        Of<SelectedPairEvent>("candidates.remote.type", e => e.Remote?.Type),
        Of<SelectedPairEvent>("candidates.remote.transport", e => e.Remote?.Transport),
        Of<SelectedPairEvent>("candidates.remote.family", e => e.Remote?.Family),
        Of<SelectedPairEvent>("stream_id", e => e.StreamId),
        Of<SelectedPairEvent>("component_id", e => e.ComponentId));

    public static readonly ModelledBody Dtls = new(
        typeof(DtlsEvent),
        Of<DtlsEvent>("dtls", e => e.State),
        Of<DtlsEvent>("retransmissions", e => e.Retransmissions),
        Of<DtlsEvent>("stream_id", e => e.StreamId),
        Of<DtlsEvent>("component_id", e => e.ComponentId));

    public static readonly ModelledBody Connection = new(
        typeof(ConnectionEvent),
        Of<ConnectionEvent>("connection", e => e.State),
        Of<ConnectionEvent>("reason", e => e.Reason));

    public static readonly ModelledBody MediaState = new(
        typeof(MediaStateEvent),
        Of<MediaStateEvent>("media", e => e.Media),
        Of<MediaStateEvent>("mid", e => e.Mid),
        Of<MediaStateEvent>("receiving", e => e.Receiving),
        Of<MediaStateEvent>("substream", e => e.Substream),
        Of<MediaStateEvent>("seconds", e => e.Seconds));

    public static readonly ModelledBody SlowLink = new(
        typeof(SlowLinkEvent),
        Of<SlowLinkEvent>("media", e => e.Media),
        Of<SlowLinkEvent>("mid", e => e.Mid),
        Of<SlowLinkEvent>("slow_link", e => e.SlowLink),
        Of<SlowLinkEvent>("lost_lastsec", e => e.LostLastSecond),
        Of<SlowLinkEvent>("nacks_lastsec", e => e.NacksLastSecond));

    public static readonly ModelledBody MediaStats = new(
        typeof(MediaStatsEvent),
        Of<MediaStatsEvent>("media", e => e.Media),
        Of<MediaStatsEvent>("mid", e => e.Mid),
        Of<MediaStatsEvent>("codec|audio-codec|video-codec", e => e.Codec),
        Of<MediaStatsEvent>("mindex", e => e.Mindex),
        Of<MediaStatsEvent>("base", e => e.Base),
        Of<MediaStatsEvent>("lsr", e => e.Lsr),
        Of<MediaStatsEvent>("rtt", e => e.Rtt),
        Of<MediaStatsEvent>("rtt-values.ntp", e => e.RttNtp),
        Of<MediaStatsEvent>("rtt-values.lsr", e => e.RttLsr),
        Of<MediaStatsEvent>("rtt-values.dlsr", e => e.RttDlsr),
        Of<MediaStatsEvent>("lost", e => e.Lost),
        Of<MediaStatsEvent>("lost-by-remote", e => e.LostByRemote),
        Of<MediaStatsEvent>("jitter-local", e => e.JitterLocal),
        Of<MediaStatsEvent>("jitter-remote", e => e.JitterRemote),
        Of<MediaStatsEvent>("in-link-quality", e => e.InLinkQuality),
        Of<MediaStatsEvent>("in-media-link-quality", e => e.InMediaLinkQuality),
        Of<MediaStatsEvent>("out-link-quality", e => e.OutLinkQuality),
        Of<MediaStatsEvent>("out-media-link-quality", e => e.OutMediaLinkQuality),
        Of<MediaStatsEvent>("packets-received", e => e.PacketsReceived),
        Of<MediaStatsEvent>("packets-sent", e => e.PacketsSent),
        Of<MediaStatsEvent>("bytes-received", e => e.BytesReceived),
        Of<MediaStatsEvent>("bytes-sent", e => e.BytesSent),
        Of<MediaStatsEvent>("bytes-received-lastsec", e => e.BytesReceivedLastSecond),
        Of<MediaStatsEvent>("bytes-sent-lastsec", e => e.BytesSentLastSecond),
        Of<MediaStatsEvent>("nacks-received", e => e.NacksReceived),
        Of<MediaStatsEvent>("nacks-sent", e => e.NacksSent),
        Of<MediaStatsEvent>("retransmissions-received", e => e.RetransmissionsReceived),
        Of<MediaStatsEvent>("remb-bitrate", e => e.RembBitrate));

    public static readonly ModelledBody Plugin = new(
        typeof(PluginEvent),
        Of<PluginEvent>("plugin", e => e.Plugin),
        Of<PluginEvent>("data", e => e.Data));

    public static readonly ModelledBody Transport = new(
        typeof(TransportEvent),
        Of<TransportEvent>("transport", e => e.Transport),
        Of<TransportEvent>("id", e => e.Id),
        Of<TransportEvent>("data", e => e.Data));

    public static readonly ModelledBody Core = new(
        typeof(CoreEvent),
        Of<CoreEvent>("status", e => e.Status),
        Of<CoreEvent>("info", e => e.Info),
        Of<CoreEvent>("signum", e => e.Signum));

    private static readonly ModelledBody[] s_webRtc = [IceState, LocalCandidate, RemoteCandidate, SelectedPair, Dtls, Connection];
    private static readonly ModelledBody[] s_media = [MediaState, SlowLink, MediaStats];

    private static readonly Dictionary<string, ModelledBody> s_webRtcByKey = new()
    {
        ["ice"] = IceState,
        ["local-candidate"] = LocalCandidate,
        ["remote-candidate"] = RemoteCandidate,
        ["selected-pair"] = SelectedPair,
        ["dtls"] = Dtls,
        ["connection"] = Connection,
    };

    private static readonly Dictionary<string, ModelledBody> s_mediaByKey = new()
    {
        ["receiving"] = MediaState,
        ["slow_link"] = SlowLink,
        ["packets-received"] = MediaStats,
        ["base"] = MediaStats,
    };

    /// <summary>The table for an event by its type, its subtype and, without one, the body's keys; null when it has none.</summary>
    public static ModelledBody? For(JsonElement sent)
    {
        if (!IndependentReading.TryGet(sent, "event", out var body) || !IndependentReading.TryGet(sent, "type", out var type))
            return null;

        var subtype = IndependentReading.TryGet(sent, "subtype", out var s) ? Int32(s) : null;
        return type.GetInt32() switch
        {
            1 => Session,
            2 => Handle,
            4 => External,
            8 => Jsep,
            16 => subtype is null ? ByKey(body, s_webRtcByKey) : BySubtype(subtype.Value, s_webRtc),
            32 when subtype is null && body.ValueKind == JsonValueKind.Array => MediaStats,
            32 => subtype is null ? ByKey(body, s_mediaByKey) : BySubtype(subtype.Value, s_media),
            64 => Plugin,
            128 => Transport,
            256 => Core,
            _ => null,
        };
    }

    private static ModelledBody? BySubtype(long subtype, ModelledBody[] bodies) =>
        subtype >= 1 && subtype <= bodies.Length ? bodies[subtype - 1] : null;

    private static ModelledBody? ByKey(JsonElement body, Dictionary<string, ModelledBody> keys) =>
        body.ValueKind == JsonValueKind.Object
            ? IndependentReading.Properties(body).Select(p => keys.GetValueOrDefault(p.Name)).FirstOrDefault(k => k is not null)
            : null;

    private static long? Int32(JsonElement value) => Number(value) is long n and >= int.MinValue and <= int.MaxValue ? n : null;

    private static DateTimeOffset? Time(JsonElement value) =>
        Number(value) is long microseconds
        && microseconds >= -62_135_596_800_000_000
        && microseconds <= 253_402_300_799_999_999
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * 10)
            : null;
}
