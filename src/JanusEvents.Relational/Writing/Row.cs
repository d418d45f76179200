namespace JanusEvents.Relational.Writing;

/// <summary>An event on its way to a row, and the body it came in.</summary>
internal readonly record struct Row(JanusEvent Event, ReceivedBody Body);
