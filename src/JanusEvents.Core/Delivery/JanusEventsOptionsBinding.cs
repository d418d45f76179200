using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>Sets <see cref="JanusEventsOptions"/> as the configuration says.</summary>
internal sealed class JanusEventsOptionsBinding(SettingsSection section) : IConfigureOptions<JanusEventsOptions>
{
    public void Configure(JanusEventsOptions options) => section.Bind(
        "",
        options,
        static (configuration, bound) => configuration.Bind(bound),
        [
            .. section.Failures<JanusEventParserOptions>(nameof(options.Parser)),
            .. section.Failures<RedactionOptions>(nameof(options.Redaction)),
        ]);
}
