namespace JanusEvents;

/// <summary>A page of stored events.</summary>
/// <param name="Events">
/// The events in the order of the query. A combined statistics event comes as its parts, which are never on two pages.
/// </param>
/// <param name="Continuation">
/// Where the next page begins, for <see cref="EventQuery.Continuation"/>; null when there are no further events. Opaque, at most
/// 128 characters, which a URL takes as they are (A to Z, a to z, 0 to 9, - and _). It does not expire, and holds no secrets.
/// </param>
public sealed record EventPage(IReadOnlyList<JanusEvent> Events, string? Continuation);
