using Microsoft.Extensions.Options;

namespace JanusEvents.Spool;

/// <summary>Where the spool lies and what it may do.</summary>
internal sealed record SpoolSettings(string Path, SpoolOptions Options);

/// <summary>The ranges of <see cref="SpoolOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class SpoolOptionsRanges : IValidateOptions<SpoolOptions>;
