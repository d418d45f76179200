using System.Diagnostics.CodeAnalysis;

namespace JanusEvents.Parsing;

/// <summary>
/// Reads statistics in the one form in which Janus writes them: known names, each once and in Janus's order, whole
/// numbers, texts without escapes, and nothing after the body. They are most of what a busy server sends, and read like
/// this in a fraction of the time. Any other form is left to <see cref="EventReader"/>, which reads them all; what both
/// can read, they read alike.
/// </summary>
internal ref struct PlainMediaStats
{
    private readonly ReadOnlySpan<byte> _json;
    private int _position;

    private PlainMediaStats(ReadOnlySpan<byte> json, int position)
    {
        _json = json;
        _position = position;
    }

    /// <summary>Reads the body that ends an event.</summary>
    /// <param name="json">Valid UTF-8.</param>
    /// <param name="position">Where the body begins; afterwards, if it was read, where the event ends.</param>
    /// <param name="pool">Where texts come from.</param>
    /// <param name="stats">What was read.</param>
    /// <returns>False, and nothing changed, when it has another form.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, ref int position, StringPool pool, [NotNullWhen(true)] out MediaStatsEvent? stats)
    {
        PlainMediaStats scan = new(json, position);
        if (!scan.TryReadBody(pool, out stats) || !scan.Take((byte)'}'))
            return false;
        position = scan._position;
        return true;
    }

    private bool TryReadBody(StringPool pool, [NotNullWhen(true)] out MediaStatsEvent? stats)
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
            if (!TakeName(MediaStatsBody.Names, ref next, out int place))
                return false;
            if (place == MediaStatsBody.RttValues)
            {
                if (!TakeRttValues(ref values))
                    return false;
            }
            else if (place < MediaStatsBody.FirstText)
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
                if (place == MediaStatsBody.Media)
                    media = text;
                else if (place == MediaStatsBody.Mid)
                    mid = text;
                else if (codec is not null)
                    return false;
                else
                    (codec, codecProperty) = (text, MediaStatsBody.CodecPropertyOf(place));
            }
        }
        while (Take((byte)','));

        if (!Take((byte)'}'))
            return false;
        stats = new MediaStatsEvent { Media = media, Mid = mid, Codec = codec, CodecProperty = codecProperty, Values = values };
        return true;
    }

    private bool TakeRttValues(ref StatisticValues values)
    {
        int next = 0;
        if (!Take((byte)'{'))
            return false;

        do
        {
            if (!TakeName(MediaStatsBody.RttNames, ref next, out Statistic statistic) || !TakeNumber(out long number))
                return false;
            values.Set(statistic, number);
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
        bool negative = Take((byte)'-');
        if (!negative)
            SkipWhiteSpace();
        int start = _position;
        number = 0;
        for (; _position < _json.Length; _position++)
        {
            uint digit = _json[_position] - (uint)'0';
            if (digit > 9)
                break;
            number = (number * 10) + digit;
        }

        int digits = _position - start;
        bool plain = digits is > 0 and <= 18 && (digits == 1 || _json[start] != (byte)'0') && !(negative && number == 0);
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

        for (int end = _position; end < _json.Length; end++)
        {
            switch (_json[end])
            {
                case (byte)'"':
                    utf8 = _json[_position..end];
                    _position = end + 1;
                    return true;
                case (byte)'\\' or < 0x20:
                    return false;
            }
        }

        return false;
    }

    private bool Take(byte token)
    {
        SkipWhiteSpace();
        if (_position >= _json.Length || _json[_position] != token)
            return false;
        _position++;
        return true;
    }

    private void SkipWhiteSpace()
    {
        while (_position < _json.Length && _json[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            _position++;
    }
}
