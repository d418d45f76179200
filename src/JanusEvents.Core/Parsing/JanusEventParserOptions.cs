namespace JanusEvents;

/// <summary>The limits of <see cref="JanusEventParser"/>.</summary>
public sealed class JanusEventParserOptions
{
    /// <summary>
    /// How deep an event may nest, 64 to 65,536 levels; 4,096 by default. Janus passes 2,000 levels.
    /// A deeper event is rejected.
    /// </summary>
    public int MaxDepth { get; set; } = 4096;

    /// <summary>
    /// How many elements an array may have, at least 100; 10,000 by default. Janus groups at most 100 events.
    /// What comes after them is rejected.
    /// </summary>
    public int MaxElements { get; set; } = 10_000;

    internal void Validate()
    {
        if (MaxDepth is < 64 or > RawJson.MaxDepth)
            throw new ArgumentException($"{nameof(MaxDepth)} is {MaxDepth}; it must be 64 to {RawJson.MaxDepth}.");
        if (MaxElements < 100)
            throw new ArgumentException($"{nameof(MaxElements)} is {MaxElements}; it must be at least 100, the size of Janus's groups.");
    }
}
