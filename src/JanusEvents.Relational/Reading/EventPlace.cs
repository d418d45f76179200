namespace JanusEvents.Relational.Reading;

/// <summary>The place of an event in the order of arrival.</summary>
/// <param name="Number">The number of its row; of a combined event, that of the first part.</param>
/// <param name="Table">The place of its table among all: published tables count for themselves, so that two may have the number.</param>
internal readonly record struct EventPlace(long Number, int Table) : IComparable<EventPlace>
{
    public int CompareTo(EventPlace other) =>
        Number.CompareTo(other.Number) is not 0 and var compared ? compared : Table.CompareTo(other.Table);
}
