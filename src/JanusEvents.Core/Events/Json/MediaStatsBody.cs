namespace JanusEvents.Events.Json;

/// <summary>Reads the statistics of one medium, by far the most frequent body.</summary>
internal static class MediaStatsBody
{
    // Where what is no number stands in the mask of what was seen: above the numbers.
    public const int FirstText = Media;
    public const int Media = 26;
    public const int Mid = 27;
    public const int RttValues = 31;
    private const int Codec = 28;
    private const int AudioCodec = 29;
    private const int VideoCodec = 30;

    /// <summary>The names in Janus's order, with their places in the mask: a <see cref="Statistic"/>, or one of the above.</summary>
    public static readonly PropertyNames<int> Names = new(
        ("mid", Mid),
        ("mindex", (int)Statistic.Mindex),
        ("media", Media),
        ("codec", Codec),
        ("audio-codec", AudioCodec),
        ("video-codec", VideoCodec),
        ("base", (int)Statistic.Base),
        ("lsr", (int)Statistic.Lsr),
        ("rtt", (int)Statistic.Rtt),
        ("rtt-values", RttValues),
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

    public static readonly PropertyNames<Statistic> RttNames = new(
        ("ntp", Statistic.RttNtp),
        ("lsr", Statistic.RttLsr),
        ("dlsr", Statistic.RttDlsr));

    public static MediaStatsEvent Read(ref EventReader reader, int? part)
    {
        StatisticValues values = default;
        string? media = null, mid = null, codec = null;
        CodecProperty codecProperty = default;
        uint seen = 0;
        int next = 0;
        while (reader.NextProperty(out ReadOnlySpan<byte> property))
        {
            if (!Names.TryFind(property, ref next, out int place))
            {
                reader.SkipUnknown();
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
                    if (reader.Text() is { } name)
                    {
                        // Of several, the model has the last.
                        reader.HasMore |= codec is not null;
                        (codec, codecProperty) = (name, CodecPropertyOf(place));
                    }

                    break;
                case RttValues:
                    ReadRttValues(ref reader, ref values);
                    break;
                default:
                    if (reader.TryNumber(out long number))
                        values.Set((Statistic)place, number);
                    break;
            }
        }

        return new MediaStatsEvent { Media = media, Mid = mid, Codec = codec, CodecProperty = codecProperty, Values = values, Part = part };
    }

    /// <summary>Writes the statistics that an event has, in Janus's order.</summary>
    public static void Write(MediaStatsEvent stats, JsonText text)
    {
        StatisticValues values = stats.Values;
        for (int i = 0; i < Names.Count; i++)
        {
            int place = Names.Value(i);
            switch (place)
            {
                case Media when stats.Media is { } media:
                    text.Name(Names.Name(i));
                    text.String(media);
                    break;
                case Mid when stats.Mid is { } mid:
                    text.Name(Names.Name(i));
                    text.String(mid);
                    break;
                case Codec or AudioCodec or VideoCodec when stats.Codec is { } codec && stats.CodecProperty == CodecPropertyOf(place):
                    text.Name(Names.Name(i));
                    text.String(codec);
                    break;
                case RttValues when (stats.RttNtp ?? stats.RttLsr ?? stats.RttDlsr) is not null:
                    text.Name(Names.Name(i));
                    text.StartObject();
                    for (int inner = 0; inner < RttNames.Count; inner++)
                        WriteNumber(RttNames.Name(inner), values[RttNames.Value(inner)], text);
                    text.EndObject();
                    break;
                case < FirstText:
                    WriteNumber(Names.Name(i), values[(Statistic)place], text);
                    break;
            }
        }
    }

    public static CodecProperty CodecPropertyOf(int place) => place switch
    {
        AudioCodec => CodecProperty.AudioCodec,
        VideoCodec => CodecProperty.VideoCodec,
        _ => CodecProperty.Codec,
    };

    private static void WriteNumber(ReadOnlySpan<byte> name, long? value, JsonText text)
    {
        if (value is { } number)
        {
            text.Name(name);
            text.Number(number);
        }
    }

    private static void ReadRttValues(ref EventReader reader, ref StatisticValues values)
    {
        uint seen = 0;
        if (!reader.InObject())
            return;

        while (reader.NextProperty(out ReadOnlySpan<byte> property))
        {
            if (RttNames.TryFind(property, out Statistic statistic))
            {
                reader.EnterValue(ref seen, (int)statistic);
                values[statistic] = reader.Number();
            }
            else
            {
                reader.SkipUnknown();
            }
        }

        reader.NoteEmpty(seen);
    }
}
