namespace JanusEvents.Tool.EventFiles;

/// <summary>What a <see cref="FileElement"/> is.</summary>
internal enum FileElementKind
{
    /// <summary>A JSON object: one event.</summary>
    Event,

    /// <summary>A JSON array: a whole body.</summary>
    Body,

    /// <summary>Neither.</summary>
    Invalid,
}
