namespace JanusEvents.Relational.Connections;

/// <summary>The meaning of a database's refusal, in words that may be logged.</summary>
/// <param name="Number">The database's number of the error.</param>
/// <param name="Words">What it is, without a value of the row.</param>
/// <param name="Remedy">What may be done about it; empty where nothing is known.</param>
internal readonly record struct Explanation(int Number, string Words, string Remedy);
