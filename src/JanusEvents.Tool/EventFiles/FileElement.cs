namespace JanusEvents.Tool.EventFiles;

/// <summary>An element of a file of events.</summary>
/// <param name="Line">The line that it begins on, from 1.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Json">Its bytes as they are in the file; empty for an invalid one.</param>
/// <param name="Problem">Why it is invalid, if it is.</param>
internal sealed record FileElement(long Line, FileElementKind Kind, byte[] Json, string? Problem = null)
{
    /// <summary>The file inside of a zip that it comes from.</summary>
    public string? Entry { get; init; }
}

/// <summary>The kind of a <see cref="FileElement"/>.</summary>
internal enum FileElementKind
{
    /// <summary>A JSON object: one event.</summary>
    Event,

    /// <summary>A JSON array: a whole body.</summary>
    Body,

    /// <summary>Neither.</summary>
    Invalid,
}
