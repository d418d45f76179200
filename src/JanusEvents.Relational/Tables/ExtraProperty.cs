namespace JanusEvents.Relational.Tables;

/// <summary>A property as it is written: its name with the quotes, and its value.</summary>
internal sealed record ExtraProperty(ReadOnlyMemory<byte> QuotedName, ReadOnlyMemory<byte> Value)
{
    private ExtraObject? _object;

    public bool IsObject => Value.Span[0] == (byte)'{';

    /// <summary>The value as an object.</summary>
    public ExtraObject Object => _object ??= ExtraObject.Parse(Value);

    /// <summary>
    /// Whether it is the property of a node. Known names are written plainly: one that was escaped is written as its
    /// node's name.
    /// </summary>
    public bool IsNamed(PathNode node) => QuotedName.Span[1..^1].SequenceEqual(node.Utf8Name);
}
