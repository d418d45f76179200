using System.Globalization;

namespace JanusEvents.Settings;

/// <summary>A part of a name: ASCII letters, digits and underscores, or nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WordAttribute(int maxLength) : SettingRangeAttribute
{
    protected override string Range => string.Create(
        CultureInfo.InvariantCulture, $"ASCII letters, digits and underscores, {maxLength} of them at most");

    protected override bool Contains(object value) =>
        value is string word && word.Length <= maxLength && word.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
