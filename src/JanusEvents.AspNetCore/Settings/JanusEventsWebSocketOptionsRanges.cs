using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Settings;

/// <summary>The ranges of <see cref="JanusEventsWebSocketOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class JanusEventsWebSocketOptionsRanges : IValidateOptions<JanusEventsWebSocketOptions>;
