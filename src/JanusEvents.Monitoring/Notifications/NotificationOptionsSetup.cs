using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>Reads <see cref="NotificationOptions"/> from the configuration and checks them, with the key, the value and the fix.</summary>
internal sealed class NotificationOptionsSetup(SettingsSection section)
    : IConfigureOptions<NotificationOptions>, IValidateOptions<NotificationOptions>
{
    private const string Key = "Monitoring";

    private static readonly NotificationOptionsRanges s_ranges = new();

    public void Configure(NotificationOptions options) => section.Bind(
        Key,
        options,
        static (configuration, bound) => configuration.Bind(bound),
        section.ChildrenOf(WebhookKey("")).SelectMany(name => section.Failures<TroubleWebhookOptions>(WebhookKey(name))));

    public ValidateOptionsResult Validate(string? name, NotificationOptions options) => SettingsFailures.Of(
        s_ranges.Validate(null, options), Rules(options), option => section.PathOf(ConfigurationPath.Combine(Key, option)));

    private static string WebhookKey(string name) =>
        name.Length == 0 ? $"{Key}:{nameof(NotificationOptions.Webhooks)}" : $"{Key}:{nameof(NotificationOptions.Webhooks)}:{name}";

    private static IEnumerable<string> Rules(NotificationOptions options)
    {
        if (options.PublicUrl is { Length: > 0 } address
            && (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)))
        {
            yield return $"{SettingKey.Of(nameof(options.PublicUrl))} is \"{address}\"; it must be an absolute address with https or http, such as https://ops.example.com/janus/.";
        }

        for (int i = 0; i < options.Webhooks.Count; i++)
        {
            string at = $"{nameof(options.Webhooks)}:{i}:";
            foreach (string failure in options.Webhooks[i].Failures(property => SettingKey.Of(at + property)))
                yield return failure;
        }
    }
}
