namespace JanusEvents;

/// <summary>The result of <see cref="JanusEventParser"/> for a body.</summary>
/// <param name="Events">The events in the order in which they were sent. A combined statistics event gives several.</param>
/// <param name="Rejected">The invalid elements, in the order of the body.</param>
public sealed record ParsedBody(IReadOnlyList<JanusEvent> Events, IReadOnlyList<RejectedElement> Rejected)
{
    /// <summary>
    /// True when the body is worth a success: it had an event, or it was an empty array, which has nothing to refuse.
    /// </summary>
    public bool IsUsable => Events.Count > 0 || Rejected.Count == 0;
}
