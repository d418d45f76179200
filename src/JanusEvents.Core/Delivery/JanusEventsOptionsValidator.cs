using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>Refuses settings out of range when the host starts, with the key, the value and the fix.</summary>
internal sealed class JanusEventsOptionsValidator(SettingsSection section) : IValidateOptions<JanusEventsOptions>
{
    private static readonly JanusEventsOptionsRanges s_ranges = new();

    public ValidateOptionsResult Validate(string? name, JanusEventsOptions options) =>
        SettingsFailures.Of(s_ranges.Validate(null, options), Rules(options), section.PathOf);

    private static IEnumerable<string> Rules(JanusEventsOptions options)
    {
        if (options.MaxRetryDelay < options.RetryDelay)
        {
            yield return $"{SettingKey.Of(nameof(options.MaxRetryDelay))} is {options.MaxRetryDelay}; "
                + $"it must be at least {SettingKey.Of(nameof(options.RetryDelay))}, which is {options.RetryDelay}.";
        }

        foreach (string failure in options.Redaction.Failures())
            yield return failure;
    }
}

/// <summary>The ranges of <see cref="JanusEventsOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class JanusEventsOptionsRanges : IValidateOptions<JanusEventsOptions>;
