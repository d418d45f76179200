using Microsoft.Extensions.Options;

namespace JanusEvents.Delivery;

/// <summary>The ranges of <see cref="JanusEventsOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class JanusEventsOptionsRanges : IValidateOptions<JanusEventsOptions>;
