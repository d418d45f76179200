using Microsoft.Extensions.Options;

namespace JanusEvents.Spool;

/// <summary>The ranges of <see cref="SpoolOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class SpoolOptionsRanges : IValidateOptions<SpoolOptions>;
