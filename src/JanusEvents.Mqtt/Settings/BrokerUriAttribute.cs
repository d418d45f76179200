using System.ComponentModel.DataAnnotations;
using JanusEvents.Settings;

namespace JanusEvents.Mqtt.Settings;

/// <summary>A required address of a broker. Its message has no value, since that may have a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BrokerUriAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        Uri.TryCreate(value as string, UriKind.Absolute, out Uri? uri) && uri.Scheme is "mqtt" or "mqtts" or "ws" or "wss" && uri.Host.Length > 0
            ? ValidationResult.Success
            : new ValidationResult(
                $"{SettingKey.Of(validationContext)} is {(string.IsNullOrEmpty(value as string) ? "not set" : "not an address of a broker")}; it must be one such as "
                + "mqtt://user:password@mqtt-1:1883, or mqtts:// for TLS.");
}

/// <summary>A required client id.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ClientIdAttribute : ValidationAttribute
{
    private const int MaxLength = 200;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value switch
    {
        string { Length: > 0 and <= MaxLength } => ValidationResult.Success,
        string { Length: > MaxLength } => new ValidationResult($"{SettingKey.Of(validationContext)} is longer than {MaxLength} characters."),
        _ => new ValidationResult(
            $"{SettingKey.Of(validationContext)} is not set; it must be a name that no other client of the broker has, such as janusevents-1. The broker keeps messages for it."),
    };
}

/// <summary>Topic filters as MQTT has them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TopicFiltersAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is IEnumerable<string> filters && filters.FirstOrDefault(filter => !IsFilter(filter)) is { } wrong
            ? new ValidationResult(
                $"{SettingKey.Of(validationContext)} has \"{wrong}\"; a topic filter must be such as janus/+/+ or janus/#: + for a whole level, # as the last one.")
            : ValidationResult.Success;

    private static bool IsFilter(string? filter)
    {
        if (string.IsNullOrEmpty(filter) || filter.Contains('\0', StringComparison.Ordinal))
            return false;

        string[] levels = filter.Split('/');
        return levels.Index().All(level =>
            level.Item is "+" || (level.Item is "#" && level.Index == levels.Length - 1) || level.Item.AsSpan().IndexOfAny('+', '#') < 0);
    }
}
