namespace JanusEvents.Parsing;

/// <summary>Reads the statistics of one medium, by far the most frequent body.</summary>
internal static class MediaStatsBody
{
    // Where the texts stand in the mask of what was seen: above the numbers.
    private const int Media = 26;
    private const int Mid = 27;
    private const int Codec = 28;
    private const int AudioCodec = 29;
    private const int VideoCodec = 30;
    private const int RttValues = 31;

    private static readonly PropertyNames<int> s_names = new(
        ("media", Media),
        ("mid", Mid),
        ("codec", Codec),
        ("audio-codec", AudioCodec),
        ("video-codec", VideoCodec),
        ("rtt-values", RttValues),
        ("mindex", (int)Statistic.Mindex),
        ("base", (int)Statistic.Base),
        ("lsr", (int)Statistic.Lsr),
        ("rtt", (int)Statistic.Rtt),
        ("lost", (int)Statistic.Lost),
        ("lost-by-remote", (int)Statistic.LostByRemote),
        ("jitter-local", (int)Statistic.JitterLocal),
        ("jitter-remote", (int)Statistic.JitterRemote),
        ("in-link-quality", (int)Statistic.InLinkQuality),
        ("in-media-link-quality", (int)Statistic.InMediaLinkQuality),
        ("out-link-quality", (int)Statistic.OutLinkQuality),
        ("out-media-link-quality", (int)Statistic.OutMediaLinkQuality),
        ("packets-received", (int)Statistic.PacketsReceived),
        ("packets-sent", (int)Statistic.PacketsSent),
        ("bytes-received", (int)Statistic.BytesReceived),
        ("bytes-sent", (int)Statistic.BytesSent),
        ("bytes-received-lastsec", (int)Statistic.BytesReceivedLastSecond),
        ("bytes-sent-lastsec", (int)Statistic.BytesSentLastSecond),
        ("nacks-received", (int)Statistic.NacksReceived),
        ("nacks-sent", (int)Statistic.NacksSent),
        ("retransmissions-received", (int)Statistic.RetransmissionsReceived),
        ("remb-bitrate", (int)Statistic.RembBitrate));

    private static readonly PropertyNames<Statistic> s_rttNames = new(
        ("ntp", Statistic.RttNtp),
        ("lsr", Statistic.RttLsr),
        ("dlsr", Statistic.RttDlsr));

    public static MediaStatsEvent Read(ref EventReader reader, int? part)
    {
        StatisticValues values = default;
        string? media = null, mid = null, codec = null;
        uint seen = 0;
        while (reader.NextProperty(out ReadOnlySpan<byte> property))
        {
            if (!s_names.TryFind(property, out int place))
            {
                reader.SkipValue();
                continue;
            }

            reader.EnterValue(ref seen, place);
            switch (place)
            {
                case Media:
                    media = reader.Text();
                    break;
                case Mid:
                    mid = reader.Text();
                    break;
                case Codec or AudioCodec or VideoCodec:
                    codec = reader.Text();
                    break;
                case RttValues:
                    ReadRttValues(ref reader, ref values);
                    break;
                default:
                    values[(Statistic)place] = reader.Number();
                    break;
            }
        }

        return new MediaStatsEvent { Media = media, Mid = mid, Codec = codec, Values = values, Part = part };
    }

    private static void ReadRttValues(ref EventReader reader, ref StatisticValues values)
    {
        uint seen = 0;
        if (!reader.InObject())
            return;

        while (reader.NextProperty(out ReadOnlySpan<byte> property))
        {
            if (s_rttNames.TryFind(property, out Statistic statistic))
            {
                reader.EnterValue(ref seen, (int)statistic);
                values[statistic] = reader.Number();
            }
            else
            {
                reader.SkipValue();
            }
        }
    }
}
