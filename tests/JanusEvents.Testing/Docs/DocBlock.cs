namespace JanusEvents.Testing;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page's path in the repository.</param>
/// <param name="Line">The number of the block's first line of text, from 1.</param>
/// <param name="Info">What follows the fence: the language, and words for tests.</param>
/// <param name="Text">The lines between the fences, without the indentation of the fence.</param>
public sealed record DocBlock(string Page, int Line, string Info, string Text)
{
    /// <summary>The language; empty where the fence names none.</summary>
    public string Language => Info.Split(' ')[0];

    /// <inheritdoc/>
    public override string ToString() => $"{Page}:{Line}";
}
