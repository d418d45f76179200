using System.Globalization;

namespace JanusEvents.Tool.Arguments;

/// <summary>Times on the command line: ISO 8601, UTC where no offset is given.</summary>
internal static class Iso8601Time
{
    private static readonly string[] s_formats =
    [
        .. from date in new[] { "yyyy-MM-dd" }
           from time in new[] { "", "'T'HH:mm", "'T'HH:mm:ss", "'T'HH:mm:ss.FFFFFFF", "' 'HH:mm", "' 'HH:mm:ss", "' 'HH:mm:ss.FFFFFFF" }
           from offset in new[] { "", "zzz", "'Z'" }
           where time.Length > 0 || offset.Length == 0
           select date + time + offset,
    ];

    /// <summary>Reads a time; null where it is invalid.</summary>
    public static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParseExact(text, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;
}
