using Microsoft.Extensions.Options;

namespace JanusEvents.Parsing;

/// <summary>The ranges of <see cref="JanusEventParserOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class JanusEventParserOptionsRanges : IValidateOptions<JanusEventParserOptions>;
