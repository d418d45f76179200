using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace JanusEvents.Events.Json;

/// <summary>
/// Reads statistics events in the one form in which Janus writes them: known names, each once and in Janus's order, whole
/// numbers, and texts without escapes. They are most of what a busy server sends, and read like this in a fraction of the
/// time. Any other form is left to <see cref="EventReader"/>, which reads them all; what both can read, they read alike.
/// </summary>
internal ref struct PlainMediaStats
{
    private static readonly SearchValues<byte> s_endsOfText =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    // The number of a name: its Statistic, or a number above these.
    private const int FirstText = Media;
    private const int Media = 26;
    private const int Mid = 27;
    private const int RttValues = 28;
    private const int FirstCodec = 29;

    private static readonly PropertyNames<int> s_names = NamesOf(MediaStatsEvent.Description.Properties);
    private static readonly PropertyNames<int> s_rttNames = NamesOf(MediaStatsEvent.RttValues);

    private readonly ReadOnlySpan<byte> _json;
    private int _position;

    private PlainMediaStats(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>Reads the event at the beginning of some JSON: the statistics of one medium, or of several in an array.</summary>
    /// <param name="json">Valid UTF-8.</param>
    /// <param name="pool">Where texts come from.</param>
    /// <param name="events">Gets what was read, an event for each medium.</param>
    /// <param name="length">How long the event is.</param>
    /// <returns>False, and nothing added, when it has another form.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> json, StringPool pool, List<JanusEvent> events, out int length)
    {
        int first = events.Count;
        PlainMediaStats scan = new(json.Span);
        if (!scan.TryReadEnvelope(pool, out EventEnvelope envelope) || !scan.TryReadBody(pool, events) || !scan.TryReadEnd(ref envelope))
        {
            events.RemoveRange(first, events.Count - first);
            length = 0;
            return false;
        }

        length = scan._position;
        envelope.Json = json[..length];
        for (int i = first; i < events.Count; i++)
            events[i].Envelope = envelope;
        return true;
    }

    /// <summary>Reads up to the body.</summary>
    private bool TryReadEnvelope(StringPool pool, out EventEnvelope envelope)
    {
        envelope = default;
        int next = 0;
        if (!Take((byte)'{'))
            return false;

        do
        {
            if (!TakeName(EnvelopeProperties.Names, ref next, out EnvelopeProperty property))
                return false;
            if (property == EnvelopeProperty.Event)
                return envelope.Type == MediaStatsEvent.Description.Type && envelope.Subtype == MediaStatsEvent.Description.Subtype;
            if (property is EnvelopeProperty.Emitter or EnvelopeProperty.OpaqueId)
            {
                if (!TakeText(out ReadOnlySpan<byte> utf8))
                    return false;
                if (property == EnvelopeProperty.Emitter)
                    envelope.Emitter = pool.Get(utf8);
                else
                    envelope.OpaqueId = pool.Get(utf8);
            }
            else if (!TakeNumber(out long number) || !TrySet(ref envelope, property, number))
            {
                return false;
            }
        }
        while (Take((byte)','));

        return false;
    }

    private static bool TrySet(ref EventEnvelope envelope, EnvelopeProperty property, long number)
    {
        switch (property)
        {
            case EnvelopeProperty.Type:
                envelope.Type = (JanusEventType)number;
                return number == (long)JanusEventType.Media;
            case EnvelopeProperty.Subtype:
                envelope.Subtype = (int)number;
                return number == envelope.Subtype;
            case EnvelopeProperty.Timestamp:
                envelope.TimestampMicroseconds = number;
                return true;
            case EnvelopeProperty.SessionId:
                envelope.SessionId = number;
                return true;
            default:
                envelope.HandleId = number;
                return true;
        }
    }

    /// <summary>Reads what is after the body: nothing, or the name of the event's type, which Janus's MQTT event handler adds.</summary>
    private bool TryReadEnd(ref EventEnvelope envelope)
    {
        if (Take((byte)'}'))
            return true;

        // No property of the model holds it, so that it is stored as what the event has besides.
        envelope.HasMore = true;
        return Take((byte)',') && TakeEventType() && TakeText(out _) && Take((byte)'}');
    }

    private bool TakeEventType()
    {
        SkipWhiteSpace();
        if (!_json[_position..].StartsWith("\"eventtype\""u8))
            return false;

        _position += "\"eventtype\"".Length;
        return Take((byte)':');
    }

    private bool TryReadBody(StringPool pool, List<JanusEvent> events)
    {
        bool isCombined = Take((byte)'[');
        int part = 0;
        do
        {
            if (!TryReadMedium(isCombined ? part++ : null, pool, out MediaStatsEvent? stats))
                return false;
            events.Add(stats);
        }
        while (isCombined && Take((byte)','));

        return !isCombined || Take((byte)']');
    }

    private bool TryReadMedium(int? part, StringPool pool, [NotNullWhen(true)] out MediaStatsEvent? stats)
    {
        stats = null;
        StatisticValues values = default;
        string? media = null, mid = null, codec = null;
        CodecProperty codecProperty = default;
        int next = 0;
        if (!Take((byte)'{'))
            return false;

        do
        {
            if (!TakeName(s_names, ref next, out int place))
                return false;
            if (place == RttValues)
            {
                if (!TakeRttValues(ref values))
                    return false;
            }
            else if (place < FirstText)
            {
                if (!TakeNumber(out long number))
                    return false;
                values.Set((Statistic)place, number);
            }
            else
            {
                if (!TakeText(out ReadOnlySpan<byte> utf8))
                    return false;
                string text = pool.Get(utf8);
                if (place == Media)
                    media = text;
                else if (place == Mid)
                    mid = text;
                else if (codec is not null)
                    return false;
                else
                    (codec, codecProperty) = (text, (CodecProperty)(place - FirstCodec));
            }
        }
        while (Take((byte)','));

        if (!Take((byte)'}'))
            return false;
        stats = new MediaStatsEvent { Media = media, Mid = mid, Codec = codec, CodecProperty = codecProperty, Part = part };
        stats.Values = values;
        return true;
    }

    private static PropertyNames<int> NamesOf(PropertyList<MediaStatsEvent> properties) =>
        new([.. properties.All.Select(property => (property.Name, PlaceOf(property)))]);

    private static int PlaceOf(Property<MediaStatsEvent> property) => property switch
    {
        StatisticProperty number => (int)number.Statistic,
        CodecText codec => FirstCodec + (int)codec.Place,
        { Name: "rtt-values" } => RttValues,
        { Name: "mid" } => Mid,
        _ => Media,
    };

    private bool TakeRttValues(ref StatisticValues values)
    {
        int next = 0;
        if (!Take((byte)'{'))
            return false;

        do
        {
            if (!TakeName(s_rttNames, ref next, out int place) || !TakeNumber(out long number))
                return false;
            values.Set((Statistic)place, number);
        }
        while (Take((byte)','));

        return Take((byte)'}');
    }

    /// <summary>Takes a name that comes no earlier in the order than the expected one, and the colon after it.</summary>
    private bool TakeName<T>(PropertyNames<T> names, ref int next, out T value)
        where T : struct
    {
        if (Take((byte)'"'))
        {
            ReadOnlySpan<byte> rest = _json[_position..];
            for (int candidate = next; candidate < names.Count; candidate++)
            {
                ReadOnlySpan<byte> name = names.Name(candidate);
                if (rest.Length > name.Length && rest[name.Length] == (byte)'"' && rest.StartsWith(name))
                {
                    next = candidate + 1;
                    value = names.Value(candidate);
                    _position += name.Length + 1;
                    return Take((byte)':');
                }
            }
        }

        value = default;
        return false;
    }

    /// <summary>Takes a whole number of at most 18 digits.</summary>
    private bool TakeNumber(out long number)
    {
        SkipWhiteSpace();
        ReadOnlySpan<byte> rest = _json[_position..];
        bool negative = !rest.IsEmpty && rest[0] == (byte)'-';
        int start = negative ? 1 : 0;
        int end = start;
        number = 0;
        for (; end < rest.Length; end++)
        {
            uint digit = rest[end] - (uint)'0';
            if (digit > 9)
                break;
            number = (number * 10) + digit;
        }

        _position += end;
        int digits = end - start;
        bool plain = digits is > 0 and <= 18 && (digits == 1 || rest[start] != (byte)'0') && !(negative && number == 0);
        if (negative)
            number = -number;
        return plain;
    }

    /// <summary>Takes a text without escapes.</summary>
    private bool TakeText(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (!Take((byte)'"'))
            return false;

        ReadOnlySpan<byte> rest = _json[_position..];
        int end = rest.IndexOfAny(s_endsOfText);
        if (end < 0 || rest[end] != (byte)'"')
            return false;
        utf8 = rest[..end];
        _position += end + 1;
        return true;
    }

    private bool Take(byte token)
    {
        SkipWhiteSpace();
        if ((uint)_position >= (uint)_json.Length || _json[_position] != token)
            return false;
        _position++;
        return true;
    }

    private void SkipWhiteSpace()
    {
        // All white space is below, and hardly any comes.
        while ((uint)_position < (uint)_json.Length && _json[_position] <= (byte)' '
            && _json[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _position++;
        }
    }
}
