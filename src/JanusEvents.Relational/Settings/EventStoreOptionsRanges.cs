using Microsoft.Extensions.Options;

namespace JanusEvents.Relational.Settings;

/// <summary>The ranges of <see cref="EventStoreOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class EventStoreOptionsRanges : IValidateOptions<EventStoreOptions>;
