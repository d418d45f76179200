namespace JanusEvents.Relational.Writing;

/// <summary>A body, and the number of its first event; those of the others follow.</summary>
internal readonly record struct NumberedBody(ReceivedBody Body, long FirstNumber);
