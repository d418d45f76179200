using System.Text;
using System.Text.Json;
using JanusEvents.Events.Json;

namespace JanusEvents.Relational.Tables;

/// <summary>
/// The part of an event's JSON that no column of its row gives back, nested as it was. It is
/// what stands in the column <c>extra</c>.
/// </summary>
internal ref struct Residual
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = RawJson.MaxDepth };

    private readonly ReadOnlySpan<byte> _json;
    private readonly EventTable _table;
    private readonly JanusEvent _event;
    private readonly object?[] _values;
    private readonly int? _part;
    private Utf8JsonReader _reader;

    private Residual(JanusEvent e, EventTable table, object?[] values)
    {
        _json = e.Json.Utf8.Span;
        _table = table;
        _event = e;
        _values = values;
        _part = (e as MediaStatsEvent)?.Part;
        _reader = new Utf8JsonReader(_json, s_options);
    }

    /// <summary>The rest of an event, or null when there is none.</summary>
    public static string? Of(JanusEvent e, EventTable table, object?[] values)
    {
        if (e.Json.IsEmpty)
            return null;

        Residual residual = new(e, table, values);
        JsonText text = new();
        residual._reader.Read();
        return residual.WriteObject(table.Paths, text) ? Encoding.UTF8.GetString(text.Written.Span) : null;
    }

    /// <summary>Writes what is left of the object that the reader stands on.</summary>
    /// <returns>Whether anything is left.</returns>
    private bool WriteObject(PathNode node, JsonText text)
    {
        bool any = false;
        bool empty = true;
        text.StartObject();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            int nameStart = (int)_reader.TokenStartIndex;
            ReadOnlySpan<byte> quotedName = _json.Slice(nameStart, _reader.ValueSpan.Length + 2);
            PathNode? child = Child(node);
            bool isType = node == _table.Paths && IsNamed("type"u8);
            if (child is not null)
                quotedName = child.QuotedName;
            _reader.Read();
            any |= WriteProperty(node, child, isType, quotedName, text);
        }

        text.EndObject();

        // The body is there in any case; another object is there only if something shows it.
        return any || (empty && node != _table.Body);
    }

    private bool WriteProperty(PathNode parent, PathNode? child, bool isType, ReadOnlySpan<byte> quotedName, JsonText text)
    {
        if (child is { IsObject: true })
        {
            if (child == _table.Body && _part is { } part && _reader.TokenType == JsonTokenType.StartArray)
                return WritePart(child, part, quotedName, text);
            if (_reader.TokenType == JsonTokenType.StartObject)
                return WriteInner(child, quotedName, text);
        }

        bool isElsewhere = isType || (child is { IsObject: false } && IsHeld(child.Column));

        // The envelope of a combined event stands with its first part.
        if (isElsewhere || (parent == _table.Paths && _part > 0 && child != _table.Body))
        {
            _reader.Skip();
            return false;
        }

        int start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        text.RawName(quotedName);
        text.Raw(Compact(start));
        return true;
    }

    private bool WriteInner(PathNode child, ReadOnlySpan<byte> quotedName, JsonText text)
    {
        JsonText inner = new();
        if (!WriteObject(child, inner))
            return false;

        text.RawName(quotedName);
        text.Raw(inner.Written.Span);
        return true;
    }

    private bool WritePart(PathNode child, int part, ReadOnlySpan<byte> quotedName, JsonText text)
    {
        bool any = false;
        int depth = _reader.CurrentDepth;
        for (int i = 0; _reader.Read() && _reader.CurrentDepth > depth; i++)
        {
            if (i == part)
                any = WriteInner(child, quotedName, text);
            else
                _reader.Skip();
        }

        return any;
    }

    /// <summary>The node of the property that the reader stands on.</summary>
    private readonly PathNode? Child(PathNode node)
    {
        foreach (PathNode child in node.Children)
        {
            if (IsNamed(child.Utf8Name))
                return child;
        }

        return null;
    }

    private readonly bool IsNamed(ReadOnlySpan<byte> name)
    {
        if (!_reader.ValueIsEscaped)
            return _reader.ValueSpan.SequenceEqual(name);

        try
        {
            return _reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate: no name of ours.
            return false;
        }
    }

    private readonly bool IsHeld(int column) =>
        _values[column + 1] is { } value
        && value.Equals(_table.EventColumns[column].Read(_event))
        && _table.EventColumns[column].Holds(value, _event);

    private readonly byte[] Compact(int start)
    {
        byte[] value = _json[start..(int)_reader.BytesConsumed].ToArray();
        return Encoding.UTF8.GetBytes(new RawJson(value).ToCompactString());
    }
}
