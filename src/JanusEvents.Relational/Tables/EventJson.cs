using System.Text;
using JanusEvents.Events.Json;

namespace JanusEvents.Relational.Tables;

/// <summary>Writes the JSON of an event from its row, or from the rows of its parts: the way back of <see cref="EventRow"/>.</summary>
internal sealed class EventJson
{
    private readonly EventTable _table;
    private readonly IReadOnlyList<object?[]> _rows;
    private readonly ExtraObject?[] _extras;
    private readonly JsonText _text = new();
    private string? _fault;

    private EventJson(EventTable table, IReadOnlyList<object?[]> rows)
    {
        _table = table;
        _rows = rows;
        _extras = new ExtraObject?[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i][^1] is string extra && (_extras[i] = ExtraObject.TryParse(Encoding.UTF8.GetBytes(extra))) is null)
                _fault ??= "The column extra holds no JSON object.";
        }
    }

    /// <summary>Writes an event.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="rows">The values of its columns, from <c>id</c> to <c>extra</c>: one row, or one for each part.</param>
    /// <param name="fault">
    /// The part that is not as <see cref="EventRow"/> makes it, without the value; null where everything is. It is written all the same:
    /// a text that should be JSON, and a value of another type than its column has, as a JSON string or number.
    /// </param>
    /// <returns>The JSON as UTF-8; it has no type where the rows have none.</returns>
    public static ReadOnlyMemory<byte> Write(EventTable table, IReadOnlyList<object?[]> rows, out string? fault)
    {
        EventJson json = new(table, [.. rows.Select(row => PublishedShutdown.Translate(table, row))]);
        if (table.HoldsWholeEvents)
        {
            if (Value(table, rows[0], "event") is string whole
                && Encoding.UTF8.GetBytes(whole) is { } utf8 && StoredJson.IsWhole(utf8) && StoredJson.IsObject(utf8))
            {
                fault = null;
                return utf8;
            }

            json.WriteFoundColumns();
        }
        else
        {
            json.WriteEvent();
        }

        fault = json._fault;
        return json._text.Written;
    }

    /// <summary>Writes what the columns hold of an event that should be there whole, and is not.</summary>
    private void WriteFoundColumns()
    {
        _fault = "The column event holds no JSON object.";
        object?[] row = _rows[0];
        _text.StartObject();
        foreach ((string property, string column) in s_envelope)
        {
            if (Value(_table, row, column) is { } value)
                WriteValue(property, ColumnKind.Integer, value, column);
        }

        _text.Name("event");
        if (Value(_table, row, "event") is string text)
            _text.String(text);
        else
            _text.Raw("{}"u8);
        _text.EndObject();
    }

    private static readonly (string Property, string Column)[] s_envelope =
    [
        ("emitter", "emitter"), ("type", "type"), ("subtype", "subtype"), ("timestamp", "timestamp"), ("session_id", "session"),
        ("handle_id", "handle"), ("opaque_id", "opaque_id"),
    ];

    private void WriteEvent()
    {
        ExtraObject? extra = _extras[0];
        _text.StartObject();
        bool typed = false;
        foreach (PathNode child in _table.Paths.Children.OrderBy(c => EnvelopeOrder(c.Name)))
        {
            if (!typed && EnvelopeOrder(child.Name) > EnvelopeOrder("type"))
            {
                typed = true;
                _text.Name("type");
                _text.Number((long)_table.Type);
            }

            if (child != _table.Body)
            {
                WriteColumn(child, _rows[0], extra);
                continue;
            }

            _text.Name("event");
            if (Value(_table, _rows[0], "part") is not null)
            {
                _text.StartArray();
                for (int i = 0; i < _rows.Count; i++)
                    WriteObject(child, i, _extras[i]?.Find(child)?.Object);
                _text.EndArray();
            }
            else
            {
                WriteObject(child, 0, extra?.Find(child)?.Object);
            }
        }

        WriteRest(_table.Paths, extra);
        WriteBrokenExtra(0);
        _text.EndObject();
    }

    private void WriteObject(PathNode node, int place, ExtraObject? extra)
    {
        object?[] row = _rows[place];
        _text.StartObject();
        foreach (PathNode child in node.Children)
        {
            if (!child.IsObject)
            {
                WriteColumn(child, row, extra);
                continue;
            }

            ExtraProperty? inner = extra?.Find(child);
            if (inner is { IsObject: false } || (inner is null && !HasAny(child, row)))
                continue;

            _text.Name(child.Name);
            WriteObject(child, place, inner?.Object);
        }

        WriteRest(node, extra);
        if (place > 0 && node == _table.Body)
            WriteBrokenExtra(place);
        _text.EndObject();
    }

    /// <summary>Writes what is in <c>extra</c> beside the objects that columns and <c>extra</c> share.</summary>
    private void WriteRest(PathNode node, ExtraObject? extra)
    {
        if (extra is null)
            return;

        foreach (ExtraProperty property in extra.Properties)
        {
            if (property.IsObject && node.Children.Any(c => c.IsObject && property.IsNamed(c)))
                continue;

            _text.RawName(property.QuotedName.Span);
            _text.Raw(property.Value.Span);
        }
    }

    /// <summary>Writes an <c>extra</c> that is no JSON object, as a property of that name.</summary>
    private void WriteBrokenExtra(int place)
    {
        if (_extras[place] is not null || _rows[place][^1] is not string extra)
            return;

        _text.Name("extra");
        _text.String(extra);
    }

    private void WriteColumn(PathNode node, object?[] row, ExtraObject? extra)
    {
        if (row[node.Column + 1] is not { } value || extra?.Find(node) is not null)
            return;

        EventColumn column = _table.EventColumns[node.Column];
        if (value is not ForeignValue && column.ToText is { } toText)
        {
            _text.Name(node.Name);
            _text.String(toText(value));
            return;
        }

        WriteValue(node.Name, column.Kind, value, column.Name);
    }

    private void WriteValue(string property, ColumnKind kind, object value, string column)
    {
        _text.Name(property);
        switch (value)
        {
            case ForeignValue foreign:
                _fault ??= $"The column {column} holds a value of another type.";
                if (foreign.IsNumber)
                    _text.Raw(Encoding.UTF8.GetBytes(foreign.Text));
                else
                    _text.String(foreign.Text);
                break;
            case string json when kind == ColumnKind.Json:
                byte[] utf8 = Encoding.UTF8.GetBytes(json);
                if (StoredJson.IsWhole(utf8))
                {
                    _text.Raw(utf8);
                }
                else
                {
                    _fault ??= $"The column {column} holds a text that is no JSON.";
                    _text.String(json);
                }

                break;
            case DateTime time:
                _text.Number((time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
                break;
            case long number:
                _text.Number(number);
                break;
            case bool flag:
                _text.Boolean(flag);
                break;
            default:
                _text.String((string)value);
                break;
        }
    }

    /// <summary>A value as the driver gave it, in the type that its kind of column has here, or a <see cref="ForeignValue"/>.</summary>
    public static object? FromDatabase(ColumnKind kind, object value) => value is DBNull ? null : ForeignValue.Read(kind, value);

    private static bool HasAny(PathNode node, object?[] row) =>
        node.IsObject ? node.Children.Any(c => HasAny(c, row)) : row[node.Column + 1] is not null;

    private static object? Value(EventTable table, object?[] row, string column)
    {
        for (int i = 1; i < table.Columns.Count - 1; i++)
        {
            if (table.Columns[i].Name == column)
                return row[i];
        }

        return null;
    }

    private static int EnvelopeOrder(string name) => name switch
    {
        "emitter" => 0,
        "type" => 1,
        "subtype" => 2,
        "timestamp" => 3,
        "session_id" => 4,
        "handle_id" => 5,
        "opaque_id" => 6,
        _ => 7,
    };
}
