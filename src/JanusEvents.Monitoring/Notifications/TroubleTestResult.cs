namespace JanusEvents;

/// <summary>Whether a handler took a test.</summary>
/// <param name="Handler">The name of the handler.</param>
/// <param name="Error">What it threw; null when it took the test.</param>
public sealed record TroubleTestResult(string Handler, Exception? Error);
