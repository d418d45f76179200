namespace JanusEvents;

/// <summary>A page of stored events.</summary>
/// <param name="Events">
/// The events in the order of the query. A combined statistics event is returned as its parts, all on one page.
/// </param>
/// <param name="Continuation">
/// Where the next page begins, for <see cref="EventQuery.Continuation"/>; null when there are no further events. Opaque; at most
/// 128 characters of A to Z, a to z, 0 to 9, - and _, which need no escaping in a URL. It does not expire and contains no secrets.
/// </param>
public sealed record EventPage(IReadOnlyList<JanusEvent> Events, string? Continuation);
