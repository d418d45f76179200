using System.ComponentModel.DataAnnotations;
using JanusEvents.Settings;

namespace JanusEvents.RabbitMq.Settings;

/// <summary>A required address of a broker. Its message has no value, since that has a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BrokerUriAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        BrokerAddress.TryParse(value as string, out _)
            ? ValidationResult.Success
            : new ValidationResult(
                $"{SettingKey.Of(validationContext)} is {(string.IsNullOrEmpty(value as string) ? "not set" : "not an address of a broker")}; it must be one such as "
                + "amqp://user:password@rabbit-1:5672/vhost, or amqps:// for TLS, with further nodes of a cluster after commas.");
}

/// <summary>A name of a queue, an exchange, or a key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class QueueNameAttribute : SettingRangeAttribute
{
    // RabbitMQ takes 255 bytes; the library adds its suffixes.
    private const int MaxLength = 200;

    protected override string Range => "1 to 200 characters";

    protected override bool Contains(object value) => value is string { Length: > 0 and <= MaxLength };
}
