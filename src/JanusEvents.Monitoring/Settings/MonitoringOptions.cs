using System.Reflection;
using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>Settings of <c>AddMonitoring</c>: from the section <c>JanusEvents:Monitoring</c> of the configuration, and then by code.</summary>
public sealed class MonitoringOptions
{
    /// <summary>Whether the servers are followed; true by default. False turns off all of it, as if it had not been added.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The silence of an active server after which the health check reports <c>Degraded</c>, at least 10 s; two minutes by
    /// default. Null turns this off. A server is active when it has PeerConnections that send statistics
    /// (<c>stats_period</c> in Janus must be shorter than this), or when it sends its counters every 15 s, as Janus 1.2.0 and
    /// later do (<see cref="CoreEvent.Status"/> is <c>update</c>). The silence of other servers means nothing, since an idle
    /// Janus sends no events. A server that has been silent for a day is considered removed and is not reported.
    /// </summary>
    [WithinTime("00:00:10")]
    public TimeSpan? SilentAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The troubles that are detected, and their limits.</summary>
    public TroublesOptions Troubles { get; } = new();
}

/// <summary>The ranges of <see cref="MonitoringOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class MonitoringOptionsRanges : IValidateOptions<MonitoringOptions>;

/// <summary>Validates the limits of the troubles.</summary>
internal sealed class TroublesOptionsValidator(SettingsSection section) : IValidateOptions<MonitoringOptions>
{
    public ValidateOptionsResult Validate(string? name, MonitoringOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        foreach (PropertyInfo property in typeof(TroublesOptions).GetProperties())
        {
            string key = section.PathOf($"Monitoring:Troubles:{property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name}");
            switch (property.GetValue(options.Troubles))
            {
                case TroubleAfterOptions after when after.After < TimeSpan.FromMilliseconds(100) || after.After > TimeSpan.FromDays(1):
                    failures.Add($"{key}:After is {after.After}; it must be 00:00:00.1 to 1.00:00:00.");
                    break;
                case TroubleLimitOptions limit when !(limit.Raise > 0) || !(limit.End > 0) || limit.End > limit.Raise:
                    failures.Add(FormattableString.Invariant(
                        $"{key}:Raise is {limit.Raise} and {key}:End is {limit.End}; both must be more than 0, and End at most Raise."));
                    break;
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
