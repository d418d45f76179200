using Microsoft.Extensions.Options;

namespace JanusEvents.Settings;

/// <summary>The faults of options, from a generated validator and from rules over several of them.</summary>
internal static class SettingsFailures
{
    /// <summary>Both together, with the keys written out.</summary>
    /// <param name="ranges">The failures of the generated validator.</param>
    /// <param name="rules">The failures of the rules.</param>
    /// <param name="writeKey">Writes a key out.</param>
    public static ValidateOptionsResult Of(ValidateOptionsResult ranges, IEnumerable<string> rules, Func<string, string> writeKey)
    {
        List<string> failures =
            [.. (ranges.Failures ?? []).Concat(rules).Select(failure => SettingKey.Written(failure, writeKey))];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
