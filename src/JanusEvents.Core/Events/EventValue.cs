namespace JanusEvents.Events;

/// <summary>A value of an event's body with its place in JSON and in a table.</summary>
/// <param name="Path">
/// The property in Janus's JSON, as names from the event on with dots between; null for a value that the form of the JSON implies.
/// </param>
/// <param name="Column">The name of its column.</param>
/// <param name="Form">Its form.</param>
/// <param name="Read">
/// Reads it from an event of its kind: a string (JSON as text without white space), a long or a bool; null where there is none.
/// </param>
internal sealed record EventValue(string? Path, string Column, ValueForm Form, Func<object, object?> Read);
