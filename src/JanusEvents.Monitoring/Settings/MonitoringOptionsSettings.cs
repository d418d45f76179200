using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JanusEvents.Monitoring.Settings;

/// <summary>Reads the options of monitoring from the configuration, and checks them.</summary>
internal sealed class MonitoringOptionsSettings(SettingsSection section)
    : IConfigureOptions<MonitoringOptions>, IValidateOptions<MonitoringOptions>
{
    private const string Key = "Monitoring";
    private static readonly MonitoringOptionsRanges s_ranges = new();

    public void Configure(MonitoringOptions options) =>
        section.Bind(Key, options, static (configuration, bound) => configuration.Bind(bound));

    public ValidateOptionsResult Validate(string? name, MonitoringOptions options) =>
        SettingsFailures.Of(s_ranges.Validate(null, options), [], key => section.PathOf(ConfigurationPath.Combine(Key, key)));
}
