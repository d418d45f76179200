namespace JanusEvents;

/// <summary>How many troubles of a code began on a server.</summary>
/// <param name="Emitter">The server; null when it gave no name.</param>
/// <param name="Code">The code: one of <see cref="TroubleCodes"/>.</param>
/// <param name="Severity">The highest severity among them.</param>
/// <param name="Count">How many.</param>
public sealed record TroubleCount(string? Emitter, string Code, TroubleSeverity Severity, int Count);
