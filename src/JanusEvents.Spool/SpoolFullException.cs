namespace JanusEvents.Spool;

/// <summary>The spool has no room; its bodies must be stored elsewhere first.</summary>
internal sealed class SpoolFullException(string message) : Exception(message);
