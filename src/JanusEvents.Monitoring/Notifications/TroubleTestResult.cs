namespace JanusEvents;

/// <summary>Whether a handler took a test.</summary>
/// <param name="Handler">The name of the handler.</param>
/// <param name="Error">The exception of the handler; null when it took the test.</param>
public sealed record TroubleTestResult(string Handler, Exception? Error);
