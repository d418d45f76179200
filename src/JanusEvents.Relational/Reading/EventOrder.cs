namespace JanusEvents;

/// <summary>In which order stored events or stays are read.</summary>
public enum EventOrder
{
    /// <summary>Events in the order in which they arrived; stays in the order in which they began.</summary>
    OldestFirst,

    /// <summary>Exactly the reverse.</summary>
    NewestFirst,
}
