namespace JanusEvents.Relational.Connections;

/// <summary>What a session of a database reports when it is opened.</summary>
/// <param name="MaxStatementBytes">The most bytes that one statement with its values may have.</param>
/// <param name="TakesScripts">
/// Whether several statements may be sent as one text: they fail together, and that saves ways to a server.
/// </param>
internal readonly record struct SessionFacts(long MaxStatementBytes, bool TakesScripts);
