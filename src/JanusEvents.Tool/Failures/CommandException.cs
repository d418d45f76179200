namespace JanusEvents.Tool.Failures;

/// <summary>Ends a command; the message is the one line that its user sees.</summary>
internal sealed class CommandException(string message) : Exception(message);
