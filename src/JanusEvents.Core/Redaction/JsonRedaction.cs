using System.Buffers;
using System.Text;
using System.Text.Json;

namespace JanusEvents.Redaction;

/// <summary>
/// Redacts JSON: a value whose property says that it is one, and what is found in any text, be it a value, a
/// name, or JSON in a string. Everything else stays byte for byte and in its place.
/// </summary>
internal sealed class JsonRedaction(SecretText secrets)
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = RawJson.MaxDepth };

    // No secret that is found in a text is without one of these.
    private static readonly SearchValues<byte> s_signs = SearchValues.Create(".:=\\"u8);

    // JSON in strings of JSON, and so on, costs a pass for each level. A deeper string is redacted whole.
    private const int MaxNesting = 8;

    /// <summary>Redacts an event.</summary>
    /// <returns>The event without them; null where it has none.</returns>
    public ReadOnlyMemory<byte>? CleanEvent(ReadOnlySpan<byte> json) => Clean(json, nesting: 0)?.WrittenMemory;

    private ArrayBufferWriter<byte>? Clean(ReadOnlySpan<byte> json, int nesting)
    {
        ArrayBufferWriter<byte>? output = null;
        int copied = 0;
        bool isSecret = false;
        bool keepsAddresses = false;
        int? secretDepth = null;
        Utf8JsonReader reader = new(json, s_options);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    isSecret = IsSecret(reader.ValueSpan);
                    keepsAddresses = nesting == 0 && reader.CurrentDepth == 1 && IsEmitter(reader.ValueSpan);
                    if (CleanText(reader.ValueSpan, keepAddresses: false, nesting) is { } name)
                        Replace(in reader, json, name);
                    continue;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (isSecret)
                        secretDepth ??= reader.CurrentDepth;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    if (secretDepth == reader.CurrentDepth)
                        secretDepth = null;
                    break;
                case JsonTokenType.String when isSecret || secretDepth is not null:
                    if (reader.ValueSpan.Length > 0 && !reader.ValueSpan.SequenceEqual("***"u8))
                        Replace(in reader, json, SecretText.Removed);
                    break;
                case JsonTokenType.String:
                    if (CleanText(reader.ValueSpan, keepsAddresses, nesting) is { } text)
                        Replace(in reader, json, text);
                    break;
                case JsonTokenType.Number when isSecret || secretDepth is not null:
                    Put((int)reader.TokenStartIndex, reader.ValueSpan.Length, json);
                    output!.Write("0"u8);
                    break;
            }

            isSecret = keepsAddresses = false;
        }

        output?.Write(json[copied..]);
        return output;

        void Replace(in Utf8JsonReader at, ReadOnlySpan<byte> whole, string text)
        {
            Put((int)at.TokenStartIndex, at.ValueSpan.Length + 2, whole);
            JsonStrings.Write(text, output!);
        }

        void Put(int start, int length, ReadOnlySpan<byte> whole)
        {
            output ??= new ArrayBufferWriter<byte>(whole.Length);
            output.Write(whole[copied..start]);
            copied = start + length;
        }
    }

    private static bool IsEmitter(ReadOnlySpan<byte> name) => name.Contains((byte)'\\')
        ? JsonStrings.Text(name) == "emitter"
        : name.SequenceEqual("emitter"u8);

    private bool IsSecret(ReadOnlySpan<byte> name)
    {
        // With every character escaped, a name of 20 has 120 bytes.
        if (name.Length > 256)
            return false;
        if (name.Contains((byte)'\\'))
            return secrets.IsSecret(JsonStrings.Text(name));

        Span<char> text = stackalloc char[name.Length];
        return secrets.IsSecret(text[..Encoding.UTF8.GetChars(name, text)]);
    }

    /// <summary>The text of a string without secrets; null where it has none.</summary>
    private string? CleanText(ReadOnlySpan<byte> json, bool keepAddresses, int nesting)
    {
        if (!json.ContainsAny(s_signs))
            return null;

        string text = JsonStrings.Text(json);
        string clean = CleanNested(text, nesting + 1) ?? secrets.Clean(text, keepAddresses);
        return clean.Equals(text, StringComparison.Ordinal) ? null : clean;
    }

    /// <summary>The text without secrets where it is JSON; null where it is none.</summary>
    private string? CleanNested(string text, int nesting)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim(" \t\r\n");
        if (trimmed is not (['{', .., '}'] or ['[', .., ']']))
            return null;
        if (nesting > MaxNesting)
            return SecretText.Removed;

        // One would become something else on the way through UTF-8.
        if (HasLoneSurrogate(text))
            return null;

        try
        {
            return Clean(Encoding.UTF8.GetBytes(text), nesting) is { } clean
                ? Encoding.UTF8.GetString(clean.WrittenSpan)
                : text;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return true;
            i++;
        }

        return false;
    }
}
