namespace JanusEvents;

/// <summary>The order in which stored events, or what <see cref="IRoomStore"/>, <see cref="IPeerConnectionStore"/> and <see cref="ITroubleStore"/> have, are read.</summary>
public enum EventOrder
{
    /// <summary>Events in the order of arrival; stays, publishers, subscriptions, calls and troubles in the order in which they began; records in that in which they ended.</summary>
    OldestFirst,

    /// <summary>Exactly the reverse.</summary>
    NewestFirst,
}
