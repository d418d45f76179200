using System.Globalization;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Dashboard.Rows;

/// <summary>Values as the page reads them: times in UTC with microseconds, and 64-bit ids as text, since JavaScript has no such numbers.</summary>
internal static class RowText
{
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public static string? Of(DateTimeOffset? at) => at is { } time ? Of(time) : null;

    public static string Of(long id) => id.ToString(CultureInfo.InvariantCulture);

    public static string? Of(long? id) => id is { } known ? Of(known) : null;

    public static string Of(CallKey key) => string.Create(CultureInfo.InvariantCulture, $"{key.Emitter}/{key.Session}/{key.Handle}/{key.Number}");

    public static string? Of(TroubleSeverity? severity) => severity is { } known ? TroubleWords.Of(known) : null;

    /// <summary>The key of the PeerConnection that a record is of.</summary>
    public static CallKey KeyOf(PeerConnectionRecord record) => new(record.Emitter, record.Session, record.Handle, record.Number);

    /// <summary>A share, so coarse that it does not change all the time.</summary>
    public static double Share(double share) => Math.Round(share, 4);
}
