using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace JanusEvents.Settings;

/// <summary>The range of a setting. Its message has the key, the value found, and what the value must be.</summary>
internal abstract class SettingRangeAttribute : ValidationAttribute
{
    /// <summary>A text added to the requirement: the reason, or what a limit means.</summary>
    public string Because { get; set; } = "";

    /// <summary>The requirement of the value, such as "at least 1".</summary>
    protected abstract string Range { get; }

    protected abstract bool Contains(object value);

    protected sealed override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || Contains(value)
            ? ValidationResult.Success
            : new ValidationResult(string.Create(
                CultureInfo.InvariantCulture,
                $"{SettingKey.Of(validationContext)} is {value}; it must be {Range}{Because}."));
}
