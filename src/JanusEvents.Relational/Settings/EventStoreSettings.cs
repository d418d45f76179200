using JanusEvents.Relational.Connections;
using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JanusEvents.Relational.Settings;

/// <summary>
/// Reads and checks the options of one store: those of all stores first, which lie in the section itself, then those of
/// the section that has the store's name.
/// </summary>
internal sealed class EventStoreSettings(string name, SqlDialect dialect, SettingsSection section)
    : IConfigureNamedOptions<EventStoreOptions>, IValidateOptions<EventStoreOptions>
{
    private static readonly EventStoreOptionsRanges s_ranges = new();

    public void Configure(string? optionsName, EventStoreOptions options)
    {
        if (optionsName != name)
            return;

        Bind("", options);
        Bind(name, options);
    }

    public void Configure(EventStoreOptions options)
    {
    }

    public ValidateOptionsResult Validate(string? optionsName, EventStoreOptions options) => optionsName == name
        ? SettingsFailures.Of(s_ranges.Validate(null, options), options.Retention.Failures(name, dialect), PathOf)
        : ValidateOptionsResult.Skip;

    private void Bind(string key, EventStoreOptions options) => section.Bind(
        key,
        options,
        static (configuration, bound) => configuration.Bind(bound),
        section.Failures<RetentionOptions>(key.Length == 0 ? nameof(options.Retention) : ConfigurationPath.Combine(key, nameof(options.Retention))));

    /// <summary>Where a setting was found, or may be put for all stores.</summary>
    private string PathOf(string key)
    {
        string own = ConfigurationPath.Combine(name, key);
        return section.PathOf(section.Has(own) ? own : key);
    }
}

/// <summary>The ranges of <see cref="EventStoreOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class EventStoreOptionsRanges : IValidateOptions<EventStoreOptions>;
