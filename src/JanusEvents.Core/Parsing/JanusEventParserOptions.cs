using JanusEvents.Parsing;
using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>The limits of <see cref="JanusEventParser"/>.</summary>
public sealed class JanusEventParserOptions
{
    /// <summary>
    /// How deep an event may nest, 64 to 65,536 levels; 4,096 by default. Janus passes 2,000 levels.
    /// A deeper event is rejected.
    /// </summary>
    [Within(64, RawJson.MaxDepth)]
    public int MaxDepth { get; set; } = 4096;

    /// <summary>
    /// How many elements a body may have, all its arrays together, at least 100; 10,000 by default. Janus groups at most 100
    /// events. Further ones are rejected.
    /// </summary>
    [Within(100, Because = ", the size of Janus's groups")]
    public int MaxElements { get; set; } = 10_000;

    internal void Validate()
    {
        ValidateOptionsResult result = SettingsFailures.Of(new JanusEventParserOptionsRanges().Validate(null, this), [], SettingKey.AsProperty);
        if (result.Failed)
            throw new ArgumentException(result.FailureMessage);
    }
}
