using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace JanusEvents.Events.Json;

/// <summary>
/// Writes JSON as Janus does when it is compact: non-ASCII characters as they are, control characters as <c>\u001F</c>,
/// slashes not escaped.
/// </summary>
internal sealed class JsonText
{
    private static readonly SearchValues<char> s_escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    private readonly IBufferWriter<byte> _buffer;
    private readonly ArrayBufferWriter<byte>? _own;
    private bool _comma;

    /// <summary>Writes into memory of its own: <see cref="Written"/>.</summary>
    public JsonText() => _buffer = _own = new ArrayBufferWriter<byte>();

    public JsonText(IBufferWriter<byte> buffer) => _buffer = buffer;

    public ReadOnlyMemory<byte> Written => _own?.WrittenMemory ?? default;

    public void StartObject() => Open((byte)'{');

    public void EndObject() => Close((byte)'}');

    public void StartArray() => Open((byte)'[');

    public void EndArray() => Close((byte)']');

    public void Name(string name)
    {
        Separate();
        Quoted(name);
        Byte((byte)':');
        _comma = false;
    }

    /// <summary>Writes a property's name that needs no escapes.</summary>
    public void Name(ReadOnlySpan<byte> plain)
    {
        Separate();
        Byte((byte)'"');
        _buffer.Write(plain);
        Byte((byte)'"');
        Byte((byte)':');
        _comma = false;
    }

    /// <summary>Writes a property's name as it stood in other JSON, with its quotes.</summary>
    public void RawName(ReadOnlySpan<byte> quoted)
    {
        Separate();
        _buffer.Write(quoted);
        Byte((byte)':');
        _comma = false;
    }

    public void String(string value)
    {
        Separate();
        Quoted(value);
    }

    public void Number(long value)
    {
        Separate();
        Span<byte> text = _buffer.GetSpan(20);
        Utf8Formatter.TryFormat(value, text, out int length);
        _buffer.Advance(length);
    }

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Writes a value that is JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        _buffer.Write(json);
    }

    /// <summary>Writes a value that is JSON already, without the white space between its tokens.</summary>
    public void Compact(RawJson json)
    {
        Separate();
        json.WriteCompactTo(_buffer);
    }

    private void Open(byte bracket)
    {
        Separate();
        Byte(bracket);
        _comma = false;
    }

    private void Close(byte bracket)
    {
        Byte(bracket);
        _comma = true;
    }

    private void Separate()
    {
        if (_comma)
            Byte((byte)',');
        _comma = true;
    }

    private void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    private void Quoted(string value)
    {
        Byte((byte)'"');
        ReadOnlySpan<char> rest = value;
        while (rest.IndexOfAny(s_escaped) is >= 0 and int plain)
        {
            Plain(rest[..plain]);
            Escaped(rest[plain]);
            rest = rest[(plain + 1)..];
        }

        Plain(rest);
        Byte((byte)'"');
    }

    private void Plain(ReadOnlySpan<char> text)
    {
        int length = Encoding.UTF8.GetBytes(text, _buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        _buffer.Advance(length);
    }

    private void Escaped(char character)
    {
        ReadOnlySpan<byte> escape = character switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\f' => "\\f"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => default,
        };
        if (!escape.IsEmpty)
        {
            _buffer.Write(escape);
            return;
        }

        Span<byte> coded = _buffer.GetSpan(6);
        "\\u00"u8.CopyTo(coded);
        coded[4] = (byte)('0' + (character >> 4));
        coded[5] = (byte)"0123456789ABCDEF"[character & 15];
        _buffer.Advance(6);
    }
}
