using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace JanusEvents.Settings;

/// <summary>
/// Whether a value of the configuration is of its option's kind. The binder would throw at the first that is not, with
/// its key and value, and without saying what it may be.
/// </summary>
internal static class SettingValue
{
    /// <summary>The fault of a value, if any: the key, the value, and the requirement.</summary>
    /// <param name="type">The type of the option.</param>
    /// <param name="section">The value.</param>
    /// <param name="key">Its whole key.</param>
    public static IEnumerable<string> Failures(Type type, IConfigurationSection section, string key)
    {
        if (typeof(IDictionary<string, int>).IsAssignableFrom(type))
            return section.GetChildren().SelectMany(child => Failures(typeof(int), child, ConfigurationPath.Combine(key, child.Key)));

        // The binder takes an empty value for one that is not set.
        return section.Value is { Length: > 0 } text && Kind(Nullable.GetUnderlyingType(type) ?? type, text) is { } kind
            ? [$"{key} is \"{text}\"; it must be {kind}."]
            : [];
    }

    /// <summary>The form that a text should have had; null when it has it.</summary>
    private static string? Kind(Type type, string text)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.Integer, culture, out _) ? null : "a whole number, such as 1000, up to 2147483647";
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.Integer, culture, out _) ? null : "a whole number, such as 1000";
        if (type == typeof(bool))
            return bool.TryParse(text, out _) ? null : "true or false";
        if (type == typeof(TimeSpan))
            return TimeSpan.TryParse(text, culture, out _) ? null : "a time as hours:minutes:seconds, such as 00:00:08, or 1.00:00:00 for a day";
        if (type.IsEnum)
            return Enum.TryParse(type, text, ignoreCase: true, out _) ? null : string.Join(" or ", Enum.GetNames(type));
        return type == typeof(string) || !type.IsClass || typeof(Delegate).IsAssignableFrom(type) ? null : "a section with keys of its own, which docs/settings.md lists";
    }
}
