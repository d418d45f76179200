using System.Text.Json;

namespace JanusEvents.Relational.Tables;

/// <summary>
/// An object of the column <c>extra</c>, whose names and values are kept as they are written: what is in there is not
/// always text that can be decoded.
/// </summary>
internal sealed class ExtraObject
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = RawJson.MaxDepth };

    private readonly List<ExtraProperty> _properties = [];

    /// <summary>The properties in their order.</summary>
    public IReadOnlyList<ExtraProperty> Properties => _properties;

    public static ExtraObject Parse(ReadOnlyMemory<byte> json)
    {
        ExtraObject extra = new();
        Utf8JsonReader tokens = new(json.Span, s_options);
        tokens.Read();
        while (tokens.Read() && tokens.TokenType == JsonTokenType.PropertyName)
        {
            int name = (int)tokens.TokenStartIndex;
            int nameLength = tokens.ValueSpan.Length + 2;
            tokens.Read();
            int value = (int)tokens.TokenStartIndex;
            tokens.Skip();
            extra._properties.Add(new ExtraProperty(json.Slice(name, nameLength), json[value..(int)tokens.BytesConsumed]));
        }

        return extra;
    }

    /// <summary>Reads what a column holds, which another program may have changed; null where it is no JSON object.</summary>
    public static ExtraObject? TryParse(ReadOnlyMemory<byte> json) => StoredJson.IsWhole(json.Span) && StoredJson.IsObject(json.Span) ? Parse(json) : null;

    public ExtraProperty? Find(PathNode node) => _properties.Find(p => p.IsNamed(node));
}
