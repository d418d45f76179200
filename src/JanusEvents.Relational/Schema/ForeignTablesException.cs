namespace JanusEvents.Relational.Schema;

/// <summary>Tables with names of the store are another program's.</summary>
internal sealed class ForeignTablesException(string message) : InvalidOperationException(message);
