namespace JanusEvents;

/// <summary>Counts troubles that are not notified one by one, because too many began at once or their whole server is affected.</summary>
/// <param name="From">When the first of them was counted, by the host's clock.</param>
/// <param name="To">When the last of them was counted.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Counts">The same by server and code, the highest count first; at most 100, then the rest under the server <c>other</c>.</param>
public sealed record TroubleDigest(DateTimeOffset From, DateTimeOffset To, int Count, IReadOnlyList<TroubleCount> Counts);
