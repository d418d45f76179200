using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JanusEvents.Spool;

/// <summary>Reads the options of the spool from the configuration, and checks them.</summary>
internal sealed class SpoolOptionsSettings(SettingsSection section) : IConfigureOptions<SpoolOptions>, IValidateOptions<SpoolOptions>
{
    private const string Key = "Spool";
    private static readonly SpoolOptionsRanges s_ranges = new();

    public void Configure(SpoolOptions options) =>
        section.Bind(Key, options, static (configuration, bound) => configuration.Bind(bound));

    public ValidateOptionsResult Validate(string? name, SpoolOptions options) =>
        SettingsFailures.Of(s_ranges.Validate(null, options), [], key => section.PathOf(ConfigurationPath.Combine(Key, key)));
}
