using JanusEvents.Events;
using JanusEvents.Events.Json;
using static JanusEvents.Events.Json.PropertyOf<JanusEvents.MediaStatsEvent>;

namespace JanusEvents;

/// <summary>
/// The statistics of one medium (type 32, subtype 3), sent every second or every <c>stats_period</c>. All counters run
/// from the beginning of the PeerConnection.
/// </summary>
/// <remarks>
/// With <c>combine_media_stats</c> Janus sends all media of a PeerConnection in one event; it becomes one
/// <see cref="MediaStatsEvent"/> per medium, numbered by <see cref="Part"/>, all with the same <see cref="JanusEvent.Json"/>.
/// </remarks>
public sealed record MediaStatsEvent() : JanusEvent(JanusEventType.Media, 3)
{
    private StatisticValues _values;
    private string? _media;
    private string? _mid;
    private string? _codec;
    private int? _part;

    /// <summary>
    /// The medium (<c>media</c>): <c>audio</c>, <c>video</c>, <c>data</c>, or a simulcast layer, <c>video-sim1</c> or
    /// <c>video-sim2</c>.
    /// </summary>
    public string? Media { get => _media; init => _media = value; }

    /// <summary>The id of its m-line (<c>mid</c>), Janus 1.x.</summary>
    public string? Mid { get => _mid; init => _mid = value; }

    /// <summary>
    /// The codec in lower case, once it is known (<c>codec</c>; <c>audio-codec</c> or <c>video-codec</c> in Janus 0.x).
    /// </summary>
    public string? Codec { get => _codec; init => _codec = value; }

    /// <summary>
    /// The place of this medium in a combined event, from 0; null when the event was about one medium.
    /// </summary>
    public int? Part { get => _part; init => _part = value; }

    /// <summary>The index of its m-line (<c>mindex</c>), Janus 1.x.</summary>
    public long? Mindex { get => _values[Statistic.Mindex]; init => _values[Statistic.Mindex] = value; }

    /// <summary>The RTP clock rate in Hz (<c>base</c>), such as 48000 or 90000. Not for data channels.</summary>
    public long? Base { get => _values[Statistic.Base]; init => _values[Statistic.Base] = value; }

    /// <summary>
    /// The middle 32 bits of the last sender report's NTP time (<c>lsr</c>), a raw id; Janus 0.2.2 to 0.2.6 only.
    /// </summary>
    public long? Lsr { get => _values[Statistic.Lsr]; init => _values[Statistic.Lsr] = value; }

    /// <summary>The round-trip time in milliseconds (<c>rtt</c>), since Janus 0.3.0; 0 when unknown.</summary>
    public long? Rtt { get => _values[Statistic.Rtt]; init => _values[Statistic.Rtt] = value; }

    /// <summary>
    /// The NTP time that <see cref="Rtt"/> was computed from (<c>rtt-values.ntp</c>), since Janus 1.1.4.
    /// </summary>
    public long? RttNtp { get => _values[Statistic.RttNtp]; init => _values[Statistic.RttNtp] = value; }

    /// <summary>
    /// The last sender report that <see cref="Rtt"/> was computed from (<c>rtt-values.lsr</c>), since Janus 1.1.4.
    /// </summary>
    public long? RttLsr { get => _values[Statistic.RttLsr]; init => _values[Statistic.RttLsr] = value; }

    /// <summary>
    /// The delay that <see cref="Rtt"/> was computed from (<c>rtt-values.dlsr</c>), since Janus 1.1.4.
    /// </summary>
    public long? RttDlsr { get => _values[Statistic.RttDlsr]; init => _values[Statistic.RttDlsr] = value; }

    /// <summary>Packets that Janus missed so far (<c>lost</c>); may be negative since Janus 1.2.0.</summary>
    public long? Lost { get => _values[Statistic.Lost]; init => _values[Statistic.Lost] = value; }

    /// <summary>
    /// Packets that the peer missed so far (<c>lost-by-remote</c>); may be negative since Janus 1.2.0.
    /// </summary>
    public long? LostByRemote { get => _values[Statistic.LostByRemote]; init => _values[Statistic.LostByRemote] = value; }

    /// <summary>The jitter at Janus in milliseconds (<c>jitter-local</c>).</summary>
    public long? JitterLocal { get => _values[Statistic.JitterLocal]; init => _values[Statistic.JitterLocal] = value; }

    /// <summary>The jitter at the peer in milliseconds (<c>jitter-remote</c>).</summary>
    public long? JitterRemote { get => _values[Statistic.JitterRemote]; init => _values[Statistic.JitterRemote] = value; }

    /// <summary>The quality of the incoming link, 0 to 100 (<c>in-link-quality</c>).</summary>
    public long? InLinkQuality { get => _values[Statistic.InLinkQuality]; init => _values[Statistic.InLinkQuality] = value; }

    /// <summary>
    /// The quality of the incoming link after retransmissions, 0 to 100 (<c>in-media-link-quality</c>).
    /// </summary>
    public long? InMediaLinkQuality { get => _values[Statistic.InMediaLinkQuality]; init => _values[Statistic.InMediaLinkQuality] = value; }

    /// <summary>The quality of the outgoing link, 0 to 100 (<c>out-link-quality</c>).</summary>
    public long? OutLinkQuality { get => _values[Statistic.OutLinkQuality]; init => _values[Statistic.OutLinkQuality] = value; }

    /// <summary>
    /// The quality of the outgoing link after retransmissions, 0 to 100 (<c>out-media-link-quality</c>).
    /// </summary>
    public long? OutMediaLinkQuality { get => _values[Statistic.OutMediaLinkQuality]; init => _values[Statistic.OutMediaLinkQuality] = value; }

    /// <summary>Packets received so far (<c>packets-received</c>), wraps at 2^32.</summary>
    public long? PacketsReceived { get => _values[Statistic.PacketsReceived]; init => _values[Statistic.PacketsReceived] = value; }

    /// <summary>Packets sent so far (<c>packets-sent</c>), wraps at 2^32.</summary>
    public long? PacketsSent { get => _values[Statistic.PacketsSent]; init => _values[Statistic.PacketsSent] = value; }

    /// <summary>Bytes received so far (<c>bytes-received</c>).</summary>
    public long? BytesReceived { get => _values[Statistic.BytesReceived]; init => _values[Statistic.BytesReceived] = value; }

    /// <summary>Bytes sent so far (<c>bytes-sent</c>).</summary>
    public long? BytesSent { get => _values[Statistic.BytesSent]; init => _values[Statistic.BytesSent] = value; }

    /// <summary>Bytes received in the last second (<c>bytes-received-lastsec</c>).</summary>
    public long? BytesReceivedLastSecond { get => _values[Statistic.BytesReceivedLastSecond]; init => _values[Statistic.BytesReceivedLastSecond] = value; }

    /// <summary>Bytes sent in the last second (<c>bytes-sent-lastsec</c>).</summary>
    public long? BytesSentLastSecond { get => _values[Statistic.BytesSentLastSecond]; init => _values[Statistic.BytesSentLastSecond] = value; }

    /// <summary>NACKs got from the peer so far (<c>nacks-received</c>).</summary>
    public long? NacksReceived { get => _values[Statistic.NacksReceived]; init => _values[Statistic.NacksReceived] = value; }

    /// <summary>NACKs sent to the peer so far (<c>nacks-sent</c>).</summary>
    public long? NacksSent { get => _values[Statistic.NacksSent]; init => _values[Statistic.NacksSent] = value; }

    /// <summary>Retransmitted packets received so far (<c>retransmissions-received</c>), since Janus 0.7.0.</summary>
    public long? RetransmissionsReceived { get => _values[Statistic.RetransmissionsReceived]; init => _values[Statistic.RetransmissionsReceived] = value; }

    /// <summary>
    /// The bitrate of the latest REMB in bit/s (<c>remb-bitrate</c>), since Janus 0.11.5. In Janus 1.x on the first
    /// medium, whatever its kind.
    /// </summary>
    public long? RembBitrate { get => _values[Statistic.RembBitrate]; init => _values[Statistic.RembBitrate] = value; }

    /// <summary>Where <see cref="Codec"/> stands in the JSON.</summary>
    internal CodecProperty CodecProperty { get; set; }

    /// <summary>The numbers.</summary>
    internal ref StatisticValues Values => ref _values;

    internal static PropertyList<MediaStatsEvent> RttValues { get; } = new(
        new StatisticProperty("ntp", Statistic.RttNtp, "rttntp"),
        new StatisticProperty("lsr", Statistic.RttLsr, "rttlsr"),
        new StatisticProperty("dlsr", Statistic.RttDlsr, "rttdlsr"));

    internal static EventKind<MediaStatsEvent> Description { get; } = new("media_stats", () => new MediaStatsEvent())
    {
        Table = "stats",
        PublishedColumns =
        [
            "medium", "base", "lsr", "lostlocal", "lostremote", "jitterlocal", "jitterremote", "packetssent", "packetsrecv",
            "bytessent", "bytesrecv", "nackssent", "nacksrecv",
        ],
        DerivedValues = [new(null, "part", ValueForm.Number, e => (long?)((MediaStatsEvent)e)._part)],
        Properties = new(
            Text("mid", e => ref e._mid),
            new StatisticProperty("mindex", Statistic.Mindex, "mindex"),
            Text("media", e => ref e._media, "medium"),
            new CodecText("codec", CodecProperty.Codec, e => ref e._codec, "codec"),
            new CodecText("audio-codec", CodecProperty.AudioCodec, e => ref e._codec, "audiocodec"),
            new CodecText("video-codec", CodecProperty.VideoCodec, e => ref e._codec, "videocodec"),
            new StatisticProperty("base", Statistic.Base, "base") { DecidesKind = true },
            new StatisticProperty("lsr", Statistic.Lsr, "lsr"),
            new StatisticProperty("rtt", Statistic.Rtt, "rtt"),
            Object("rtt-values", RttValues),
            new StatisticProperty("lost", Statistic.Lost, "lostlocal"),
            new StatisticProperty("lost-by-remote", Statistic.LostByRemote, "lostremote"),
            new StatisticProperty("jitter-local", Statistic.JitterLocal, "jitterlocal"),
            new StatisticProperty("jitter-remote", Statistic.JitterRemote, "jitterremote"),
            new StatisticProperty("in-link-quality", Statistic.InLinkQuality, "inquality"),
            new StatisticProperty("in-media-link-quality", Statistic.InMediaLinkQuality, "inmediaquality"),
            new StatisticProperty("out-link-quality", Statistic.OutLinkQuality, "outquality"),
            new StatisticProperty("out-media-link-quality", Statistic.OutMediaLinkQuality, "outmediaquality"),
            new StatisticProperty("packets-received", Statistic.PacketsReceived, "packetsrecv") { DecidesKind = true },
            new StatisticProperty("packets-sent", Statistic.PacketsSent, "packetssent"),
            new StatisticProperty("bytes-received", Statistic.BytesReceived, "bytesrecv"),
            new StatisticProperty("bytes-sent", Statistic.BytesSent, "bytessent"),
            new StatisticProperty("bytes-received-lastsec", Statistic.BytesReceivedLastSecond, "bytesrecvlastsec"),
            new StatisticProperty("bytes-sent-lastsec", Statistic.BytesSentLastSecond, "bytessentlastsec"),
            new StatisticProperty("nacks-received", Statistic.NacksReceived, "nacksrecv"),
            new StatisticProperty("nacks-sent", Statistic.NacksSent, "nackssent"),
            new StatisticProperty("retransmissions-received", Statistic.RetransmissionsReceived, "retransmissionsrecv"),
            new StatisticProperty("remb-bitrate", Statistic.RembBitrate, "remb")),
    };

    /// <summary>Reads a part of combined statistics.</summary>
    internal static MediaStatsEvent ReadPart(ref EventReader reader, int part)
    {
        MediaStatsEvent stats = Description.Read(ref reader);
        stats._part = part;
        return stats;
    }
}
