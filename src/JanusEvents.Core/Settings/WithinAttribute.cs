using System.Globalization;

namespace JanusEvents.Settings;

/// <summary>The least and the greatest value of a whole number.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WithinAttribute(long min, long max = long.MaxValue) : SettingRangeAttribute
{
    protected override string Range => max == long.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"at least {min}")
        : string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");

    protected override bool Contains(object value)
    {
        long number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
        return number >= min && number <= max;
    }
}

/// <summary>A part of a name: ASCII letters, digits and underscores, or nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WordAttribute(int maxLength) : SettingRangeAttribute
{
    protected override string Range => string.Create(
        CultureInfo.InvariantCulture, $"ASCII letters, digits and underscores, {maxLength} of them at most");

    protected override bool Contains(object value) =>
        value is string word && word.Length <= maxLength && word.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
