using System.Text;
using System.Text.Json;

namespace JanusEvents.Relational.Tests.Hosting;

/// <summary>
/// Makes a text of JSON that is the same exactly for equal values: properties in an order of their own, numbers as they are
/// written, strings by what they mean.
/// </summary>
public static class ExactJson
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 100_000 };

    /// <summary>The text.</summary>
    public static string Canonical(ReadOnlyMemory<byte> json)
    {
        Utf8JsonReader reader = new(json.Span, s_options);
        reader.Read();
        return Value(ref reader, json.Span);
    }

    private static string Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                List<string> properties = [];
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = Text(ref reader);
                    reader.Read();
                    properties.Add($"{name}:{Value(ref reader, json)}");
                }

                properties.Sort(StringComparer.Ordinal);
                return $"{{{string.Join(',', properties)}}}";
            case JsonTokenType.StartArray:
                List<string> elements = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    elements.Add(Value(ref reader, json));
                return $"[{string.Join(',', elements)}]";
            case JsonTokenType.String:
                return Text(ref reader);
            default:
                return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return $"\"{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(reader.GetString()!))}\"";
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate has no text but the way it is written.
            return $"\"{Encoding.UTF8.GetString(reader.ValueSpan)}\"";
        }
    }
}
