namespace JanusEvents;

/// <summary>The order in which stored events, or what <see cref="IRoomStore"/> has, are read.</summary>
public enum EventOrder
{
    /// <summary>Events in the order of arrival; stays, publishers, subscriptions and calls in the order in which they began.</summary>
    OldestFirst,

    /// <summary>Exactly the reverse.</summary>
    NewestFirst,
}
