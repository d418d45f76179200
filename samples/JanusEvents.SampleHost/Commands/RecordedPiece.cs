namespace JanusEvents.SampleHost.Commands;

/// <summary>A piece of a file of events.</summary>
/// <param name="Line">The line that it begins on, from 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Json">Its bytes.</param>
/// <param name="Problem">Why it is broken, if it is.</param>
internal sealed record RecordedPiece(long Line, RecordedPieceKind Kind, byte[] Json, string? Problem = null)
{
    /// <summary>The file inside of a zip that it comes from.</summary>
    public string? Entry { get; init; }
}
