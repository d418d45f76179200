namespace JanusEvents;

/// <summary>The explanation of a code of a trouble, in English.</summary>
/// <param name="Title">A few words, without a full stop; such as <c>Media lost</c>.</param>
/// <param name="Meaning">One sentence: what the events of Janus show.</param>
/// <param name="Causes">Likely causes, the most likely first; at least one.</param>
/// <param name="Advice">The advice; at least one sentence.</param>
public sealed record TroubleText(string Title, string Meaning, IReadOnlyList<string> Causes, IReadOnlyList<string> Advice);
