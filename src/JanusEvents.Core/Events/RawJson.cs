using System.Buffers;
using System.Text;
using System.Text.Json;

namespace JanusEvents;

/// <summary>
/// JSON text exactly as Janus sent it: a slice of the UTF-8 bytes of a body, valid permanently and never
/// copied. The default value holds nothing (<see cref="IsEmpty"/>).
/// </summary>
/// <param name="Utf8">The UTF-8 bytes of one JSON value, without white space around it.</param>
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>
    /// How deep <see cref="ToElement"/> follows nested values. Janus passes 2,000 levels, and the parser takes a body
    /// only up to its own limit, so every value of an event can be read.
    /// </summary>
    internal const int MaxDepth = 65_536;

    private static readonly JsonDocumentOptions s_documentOptions = new() { MaxDepth = MaxDepth };

    /// <summary>
    /// True when there is no value at all (the property was absent). A JSON <c>null</c> is not empty.
    /// </summary>
    public bool IsEmpty => Utf8.IsEmpty;

    /// <summary>Reads the value into an element that owns its memory and needs no disposal.</summary>
    /// <returns>The element, or one of kind <see cref="JsonValueKind.Undefined"/> when there is no value.</returns>
    public JsonElement ToElement()
    {
        if (IsEmpty)
            return default;

        using JsonDocument document = JsonDocument.Parse(Utf8, s_documentOptions);
        return document.RootElement.Clone();
    }

    /// <summary>The JSON text, or an empty string when there is no value.</summary>
    /// <returns>The text as Janus sent it.</returns>
    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>
    /// The JSON text without the white space between its tokens. Numbers and strings keep the very form they came in.
    /// </summary>
    /// <returns>The text, or an empty string when there is no value.</returns>
    public string ToCompactString()
    {
        ReadOnlySpan<byte> json = Utf8.Span;
        if (json.IndexOfAny(" \t\r\n"u8) < 0)
            return ToString();

        byte[] compact = ArrayPool<byte>.Shared.Rent(json.Length);
        try
        {
            return Encoding.UTF8.GetString(compact, 0, Compact(json, compact));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(compact);
        }
    }

    /// <summary>Writes what <see cref="ToCompactString"/> gives, as UTF-8.</summary>
    internal void WriteCompactTo(IBufferWriter<byte> writer)
    {
        ReadOnlySpan<byte> json = Utf8.Span;
        if (json.IndexOfAny(" \t\r\n"u8) < 0)
            writer.Write(json);
        else
            writer.Advance(Compact(json, writer.GetSpan(json.Length)));
    }

    private static int Compact(ReadOnlySpan<byte> json, Span<byte> compact)
    {
        int length = 0;
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            byte b = json[i];
            if (inString && b == (byte)'\\' && i + 1 < json.Length)
                compact[length++] = json[i++];
            else if (b == (byte)'"')
                inString = !inString;
            else if (!inString && b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                continue;
            compact[length++] = json[i];
        }

        return length;
    }
}
