namespace JanusEvents.Relational.Reading;

/// <summary>What must hold of a row: a comparison, or without a value, that the column is NULL.</summary>
internal sealed record TableCondition(string Column, string Comparison, object? Value);
