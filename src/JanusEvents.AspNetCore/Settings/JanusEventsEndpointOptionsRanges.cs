using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Settings;

/// <summary>The ranges of <see cref="JanusEventsEndpointOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class JanusEventsEndpointOptionsRanges : IValidateOptions<JanusEventsEndpointOptions>;
