namespace JanusEvents.Relational.Connections;

/// <summary>A batch is to be written again from its beginning: more is known of it now, or its transaction is lost.</summary>
internal sealed class RepeatException(string message, Exception innerException) : Exception(message, innerException);
