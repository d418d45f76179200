namespace JanusEvents.Relational.Reading;

/// <summary>What was read of one stored event.</summary>
/// <param name="Place">Its place.</param>
/// <param name="Number">The number of its first row.</param>
/// <param name="Events">The event, or its parts in the order of reading; none where it is not asked for, or cannot be read.</param>
/// <param name="Damage">What another program did to its rows; null where they are as they were written.</param>
internal sealed record ReadEvent(EventPlace Place, long Number, IReadOnlyList<JanusEvent> Events, DamagedRow? Damage);
