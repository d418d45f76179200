namespace JanusEvents.Relational.Reading;

/// <summary>Which way the tables are read, from where, and how far.</summary>
internal sealed record ReadingRange
{
    // In published tables, whose numbers other tables may have too, the rows of an event may lie on both sides of a place in another
    // table. So many rows behind the place are looked at for that.
    private const int MaxParts = 100;

    /// <summary>Everything, oldest first.</summary>
    public static ReadingRange All { get; } = new();

    /// <summary>Whether the newest come first.</summary>
    public bool IsBackwards { get; init; }

    /// <summary>The place of the last event that was read before; null to begin at the end where the order begins.</summary>
    public EventPlace? After { get; init; }

    /// <summary>
    /// The highest number that is read; null for all. The tables are read one after the other, so that without it, of what arrives
    /// meanwhile the later tables would be read and the earlier ones not, and a continuation would pass over these events.
    /// </summary>
    public long? UpTo { get; init; }

    /// <summary>How many events are asked for; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Compares places in the order of reading.</summary>
    public IComparer<EventPlace> Order => IsBackwards
        ? Comparer<EventPlace>.Create((one, other) => other.CompareTo(one))
        : Comparer<EventPlace>.Default;

    /// <summary>The range that a query asks for.</summary>
    /// <exception cref="ArgumentException">The query has a limit, an order or a continuation that is none.</exception>
    public static ReadingRange Of(EventQuery query)
    {
        if (query.Limit < 1)
            throw new ArgumentOutOfRangeException(nameof(query), query.Limit, "EventQuery.Limit must be at least 1; null, the default, means all events.");
        if (!Enum.IsDefined(query.Order))
            throw new ArgumentOutOfRangeException(nameof(query), query.Order, "EventQuery.Order must be OldestFirst or NewestFirst.");

        return new ReadingRange
        {
            IsBackwards = query.Order == EventOrder.NewestFirst,
            After = query.Continuation is null ? null : EventContinuation.Read(query),
            Limit = query.Limit,
        };
    }

    /// <summary>How many rows the first page of a table has: one more than asked for, to see whether an event goes on.</summary>
    /// <param name="size">How many it has where all are asked for.</param>
    public int FirstPage(int size) => Limit < size ? Limit.Value + 1 : size;

    /// <summary>The number that rows of a table must be beyond.</summary>
    /// <param name="table">The place of the table among all.</param>
    /// <param name="hasParts">Whether its events may have several rows, so that not all of these need be beyond the place.</param>
    public long Start(int table, bool hasParts)
    {
        long start = Key(table) ?? (IsBackwards ? long.MaxValue : long.MinValue);
        if (!IsBackwards)
            return start;
        if (After is not null && hasParts)
            start = Higher(start, MaxParts);
        return UpTo is { } newest ? Math.Min(start, Higher(newest, 1)) : start;
    }

    /// <summary>The number that the first rows of a table's events must be beyond; null where all are.</summary>
    /// <param name="table">The place of the table among all.</param>
    public long? Key(int table) => After switch
    {
        null => null,
        { } after when !IsBackwards => table > after.Table ? Lower(after.Number) : after.Number,
        { } after => table < after.Table ? Higher(after.Number, 1) : after.Number,
    };

    // A continuation may have any number.
    private static long Higher(long number, int by) => number > long.MaxValue - by ? long.MaxValue : number + by;

    private static long Lower(long number) => number == long.MinValue ? number : number - 1;
}

/// <summary>The place of an event in the order of arrival.</summary>
/// <param name="Number">The number of its row; of a combined event, that of the first part.</param>
/// <param name="Table">The place of its table among all: published tables count for themselves, so that two may have the number.</param>
internal readonly record struct EventPlace(long Number, int Table) : IComparable<EventPlace>
{
    public int CompareTo(EventPlace other) =>
        Number.CompareTo(other.Number) is not 0 and var compared ? compared : Table.CompareTo(other.Table);
}
