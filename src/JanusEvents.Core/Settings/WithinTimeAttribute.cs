using System.Globalization;

namespace JanusEvents.Settings;

/// <summary>The least and the greatest value of a time, as <c>hours:minutes:seconds</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WithinTimeAttribute(string min, string? max = null) : SettingRangeAttribute
{
    private readonly TimeSpan _min = TimeSpan.Parse(min, CultureInfo.InvariantCulture);
    private readonly TimeSpan _max = max is null ? TimeSpan.MaxValue : TimeSpan.Parse(max, CultureInfo.InvariantCulture);

    /// <summary>Whether the ends themselves are out of range.</summary>
    public bool Exclusive { get; set; }

    protected override string Range => (Exclusive, max) switch
    {
        (true, null) => $"more than {Least}",
        (true, _) => $"more than {Least} and less than {_max}",
        (false, null) => $"at least {Least}",
        (false, _) => $"{Least} to {_max}",
    };

    private string Least => _min == TimeSpan.Zero ? "zero" : _min.ToString();

    protected override bool Contains(object value)
    {
        TimeSpan time = (TimeSpan)value;
        return Exclusive ? time > _min && time < _max : time >= _min && time <= _max;
    }
}
