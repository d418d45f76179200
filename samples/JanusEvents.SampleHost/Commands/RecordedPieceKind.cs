namespace JanusEvents.SampleHost.Commands;

/// <summary>What a <see cref="RecordedPiece"/> is.</summary>
internal enum RecordedPieceKind
{
    /// <summary>A JSON object: one event.</summary>
    Event,

    /// <summary>A JSON array: a whole body.</summary>
    Body,

    /// <summary>Neither.</summary>
    Broken,
}
