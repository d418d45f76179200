using System.Globalization;
using System.Text;

namespace JanusEvents.Relational.Tables;

/// <summary>
/// A value that is not of the kind that its column holds: SQLite takes any value in any column, and another program may have
/// created the column.
/// </summary>
/// <param name="Text">It as text.</param>
/// <param name="IsNumber">Whether the text is a JSON number.</param>
internal sealed record ForeignValue(string Text, bool IsNumber = false)
{
    private const double TwoTo63 = 9223372036854775808.0;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A value as the type that its kind of column has here; what does not fit it is a <see cref="ForeignValue"/>.</summary>
    public static object? Read(ColumnKind kind, object value) => kind switch
    {
        ColumnKind.Integer => Integer(value),
        ColumnKind.Boolean => Boolean(value),
        ColumnKind.Real => Real(value),
        ColumnKind.Time => Time(value),
        ColumnKind.Key or ColumnKind.Name or ColumnKind.ShortText or ColumnKind.LongText or ColumnKind.Json => Of(value).Text,
        _ => value,
    };

    /// <summary>The text of bytes: UTF-8, or where they are none, Latin-1, which has a character for each byte.</summary>
    public static string Decode(byte[] bytes)
    {
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static object Integer(object value) => value switch
    {
        long number => number,
        int or short or sbyte or byte or uint or ushort or bool => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong and <= long.MaxValue => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        decimal number when decimal.Truncate(number) == number && number is >= long.MinValue and <= long.MaxValue => (long)number,
        double number when Math.Floor(number) == number && number is >= -TwoTo63 and < TwoTo63 => (long)number,
        float number => Integer((double)number),
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        _ => Of(value),
    };

    private static object Boolean(object value) => value switch
    {
        bool flag => flag,
        string text when bool.TryParse(text, out bool flag) => flag,
        string or byte[] => Integer(value) is long number ? number != 0 : Of(value),
        _ => Integer(value) is long number ? number != 0 : Of(value),
    };

    private static object Real(object value) => value switch
    {
        double number => number,
        float or decimal or long or ulong or int => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => Of(value),
    };

    private static object? Time(object value) => value switch
    {
        DateTime time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        DateTimeOffset time => time.UtcDateTime,
        string text => Time(text),
        IConvertible other when other.GetTypeCode() is TypeCode.Object or TypeCode.DateTime => Time(other),
        _ => Of(value),
    };

    // A time of a driver's own kind, which may be none, such as 0000-00-00.
    private static DateTime? Time(IConvertible value)
    {
        try
        {
            return DateTime.SpecifyKind(value.ToDateTime(CultureInfo.InvariantCulture), DateTimeKind.Utc);
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    // Rows of before an upgrade may have times such as 0000-00-00, which are none.
    private static object? Time(string text)
    {
        if (!LooksLikeTime(text))
            return new ForeignValue(text);

        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time)
            ? time
            : null;
    }

    // A text such as "10:00" would be taken for a time of today, and one that begins with the day for another day.
    private static bool LooksLikeTime(string text) =>
        text.Length >= 8 && text.AsSpan(0, 4).IndexOfAnyExceptInRange('0', '9') < 0 && text[4] == '-';

    private static ForeignValue Of(object value) => value switch
    {
        string text => new ForeignValue(text),
        byte[] bytes => new ForeignValue(Decode(bytes)),
        DateTime time => new ForeignValue(time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
        double number => new ForeignValue(number.ToString("R", CultureInfo.InvariantCulture), double.IsFinite(number)),
        float number => new ForeignValue(number.ToString("R", CultureInfo.InvariantCulture), float.IsFinite(number)),
        decimal or ulong or long or int or short or sbyte or byte or uint or ushort =>
            new ForeignValue(Convert.ToString(value, CultureInfo.InvariantCulture)!, IsNumber: true),
        _ => new ForeignValue(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };
}
