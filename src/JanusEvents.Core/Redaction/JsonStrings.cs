using System.Buffers;
using System.Globalization;
using System.Text;

namespace JanusEvents.Redaction;

/// <summary>The text of JSON strings, and back; lone surrogates, which other readers refuse, included.</summary>
internal static class JsonStrings
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x60).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    /// <summary>The text of a JSON string.</summary>
    /// <param name="json">The string without its quotes, which a reader of JSON has taken for valid.</param>
    public static string Text(ReadOnlySpan<byte> json)
    {
        if (!json.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(json);

        char[] text = ArrayPool<char>.Shared.Rent(json.Length);
        try
        {
            int length = 0;
            while (json.IndexOf((byte)'\\') is >= 0 and int plain)
            {
                length += Encoding.UTF8.GetChars(json[..plain], text.AsSpan(length));
                int escape = json[plain + 1] == (byte)'u' ? 6 : 2;
                text[length++] = Unescape(json[(plain + 1)..(plain + escape)]);
                json = json[(plain + escape)..];
            }

            length += Encoding.UTF8.GetChars(json, text.AsSpan(length));
            return new string(text, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }

    /// <summary>Writes a text as a JSON string with its quotes.</summary>
    public static void Write(string text, IBufferWriter<byte> output)
    {
        StringBuilder json = new(text.Length + 16);
        json.Append('"');
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int plain = rest.IndexOfAnyExcept(s_plain);
            if (plain != 0)
            {
                plain = plain < 0 ? rest.Length : plain;
                json.Append(rest[..plain]);
                rest = rest[plain..];
                continue;
            }

            char c = rest[0];
            if (char.IsHighSurrogate(c) && rest.Length > 1 && char.IsLowSurrogate(rest[1]))
            {
                json.Append(rest[..2]);
                rest = rest[2..];
                continue;
            }

            rest = rest[1..];
            switch (c)
            {
                case '"' or '\\':
                    json.Append('\\').Append(c);
                    break;
                case '\n':
                    json.Append(@"\n");
                    break;
                case '\r':
                    json.Append(@"\r");
                    break;
                case '\t':
                    json.Append(@"\t");
                    break;
                case < ' ' or (>= '\uD800' and <= '\uDFFF'):
                    json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
                    break;
                default:
                    json.Append(c);
                    break;
            }
        }

        Encoding.UTF8.GetBytes(json.Append('"').ToString(), output);
    }

    private static char Unescape(ReadOnlySpan<byte> escape) => escape[0] switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        (byte)'u' => (char)ushort.Parse(escape[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        byte same => (char)same,
    };
}
