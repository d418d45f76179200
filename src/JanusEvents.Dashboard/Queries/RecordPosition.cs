using System.Globalization;

namespace JanusEvents.Dashboard.Queries;

/// <summary>
/// Where a record stands in a list: the value it is sorted by, then the newest end, then its key, so that no two records stand at the same
/// place. The last one shown says where to go on, whatever has been added meanwhile.
/// </summary>
internal readonly record struct RecordPosition(double Value, long Ended, long Session, long Handle, int Number, string Emitter) : IComparable<RecordPosition>
{
    private const char Separator = '~';

    /// <summary>The position of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="sort">The order: the longest set-up or duration first, the worst quality first, otherwise the newest end first.</param>
    public static RecordPosition Of(PeerConnectionRecord record, string sort) => new(
        sort switch
        {
            "setup" => -(record.SetupMs ?? -1),
            "duration" => -(record.DurationMs ?? -1),
            "quality" => record.QualityWorst ?? 9,
            _ => 0,
        },
        record.Ended.UtcTicks,
        record.Session,
        record.Handle,
        record.Number,
        record.Emitter ?? "");

    /// <summary>The position that <see cref="ToString"/> wrote; null for anything else.</summary>
    public static RecordPosition? Parse(string? text) =>
        text?.Split(Separator, 6) is [{ } value, { } ended, { } session, { } handle, { } number, { } emitter]
        && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double v)
        && long.TryParse(ended, NumberStyles.None, CultureInfo.InvariantCulture, out long e) && e < DateTime.MaxValue.Ticks - TimeSpan.TicksPerSecond
        && long.TryParse(session, NumberStyles.None, CultureInfo.InvariantCulture, out long s)
        && long.TryParse(handle, NumberStyles.None, CultureInfo.InvariantCulture, out long h)
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            ? new RecordPosition(v, e, s, h, n, emitter)
            : null;

    public int CompareTo(RecordPosition other) =>
        Value.CompareTo(other.Value) is not 0 and var byValue ? byValue
        : other.Ended.CompareTo(Ended) is not 0 and var byEnd ? byEnd
        : (Session, Handle, Number).CompareTo((other.Session, other.Handle, other.Number)) is not 0 and var byKey ? byKey
        : string.CompareOrdinal(Emitter, other.Emitter);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:R}~{Ended}~{Session}~{Handle}~{Number}~{Emitter}");
}
