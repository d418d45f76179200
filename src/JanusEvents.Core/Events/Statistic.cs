namespace JanusEvents.Events;

/// <summary>The numbers of a statistics event: places in <see cref="StatisticValues"/>.</summary>
internal enum Statistic
{
    Mindex,
    Base,
    Lsr,
    Rtt,
    RttNtp,
    RttLsr,
    RttDlsr,
    Lost,
    LostByRemote,
    JitterLocal,
    JitterRemote,
    InLinkQuality,
    InMediaLinkQuality,
    OutLinkQuality,
    OutMediaLinkQuality,
    PacketsReceived,
    PacketsSent,
    BytesReceived,
    BytesSent,
    BytesReceivedLastSecond,
    BytesSentLastSecond,
    NacksReceived,
    NacksSent,
    RetransmissionsReceived,
    RembBitrate,
}
