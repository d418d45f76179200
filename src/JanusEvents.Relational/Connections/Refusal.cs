using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>That a table refused an event.</summary>
/// <param name="Table">The table.</param>
/// <param name="Type">The event's type.</param>
/// <param name="RemoteAddress">Where it came from.</param>
/// <param name="Why">The database's message.</param>
internal sealed record Refusal(EventTable Table, JanusEventType Type, string? RemoteAddress, Explanation Why);
