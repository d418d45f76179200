using System.Globalization;
using System.Text;

namespace JanusEvents.Relational.Tables;

/// <summary>Writes the JSON of an event from its row, or from the rows of its parts: the way back of <see cref="EventRow"/>.</summary>
internal static class EventJson
{
    /// <summary>Writes an event.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="rows">The values of its columns, from <c>id</c> to <c>extra</c>: one row, or one for each part.</param>
    /// <returns>The JSON as UTF-8.</returns>
    public static ReadOnlyMemory<byte> Write(EventTable table, IReadOnlyList<object?[]> rows)
    {
        if (table.HoldsWholeEvents)
            return Encoding.UTF8.GetBytes((string?)Value(table, rows[0], "event") ?? "{}");

        ExtraObject?[] extras = [.. rows.Select(r => r[^1] is string extra ? ExtraObject.Parse(Encoding.UTF8.GetBytes(extra)) : null)];
        JsonText text = new();
        WriteEvent(table, rows, extras, text);
        return text.Written;
    }

    private static void WriteEvent(EventTable table, IReadOnlyList<object?[]> rows, ExtraObject?[] extras, JsonText text)
    {
        ExtraObject? extra = extras[0];
        text.StartObject();
        bool typed = false;
        foreach (PathNode child in table.Paths.Children.OrderBy(c => EnvelopeOrder(c.Name)))
        {
            if (!typed && EnvelopeOrder(child.Name) > EnvelopeOrder("type"))
            {
                typed = true;
                text.Name("type");
                text.Number((long)table.Type);
            }

            if (child != table.Body)
            {
                WriteColumn(table, child, rows[0], extra, text);
                continue;
            }

            text.Name("event");
            if (Value(table, rows[0], "part") is not null)
            {
                text.StartArray();
                for (int i = 0; i < rows.Count; i++)
                    WriteObject(table, child, rows[i], extras[i]?.Find(child)?.Object, text);
                text.EndArray();
            }
            else
            {
                WriteObject(table, child, rows[0], extra?.Find(child)?.Object, text);
            }
        }

        WriteRest(table.Paths, extra, text);
        text.EndObject();
    }

    private static void WriteObject(EventTable table, PathNode node, object?[] row, ExtraObject? extra, JsonText text)
    {
        text.StartObject();
        foreach (PathNode child in node.Children)
        {
            if (!child.IsObject)
            {
                WriteColumn(table, child, row, extra, text);
                continue;
            }

            ExtraProperty? inner = extra?.Find(child);
            if (inner is { IsObject: false } || (inner is null && !HasAny(child, row)))
                continue;

            text.Name(child.Name);
            WriteObject(table, child, row, inner?.Object, text);
        }

        WriteRest(node, extra, text);
        text.EndObject();
    }

    /// <summary>Writes what is in <c>extra</c> beside the objects that columns and <c>extra</c> share.</summary>
    private static void WriteRest(PathNode node, ExtraObject? extra, JsonText text)
    {
        if (extra is null)
            return;

        foreach (ExtraProperty property in extra.Properties)
        {
            if (property.IsObject && node.Children.Any(c => c.IsObject && property.IsNamed(c)))
                continue;

            text.RawName(property.QuotedName.Span);
            text.Raw(property.Value.Span);
        }
    }

    private static void WriteColumn(EventTable table, PathNode node, object?[] row, ExtraObject? extra, JsonText text)
    {
        if (row[node.Column + 1] is not { } value || extra?.Find(node) is not null)
            return;

        EventColumn column = table.EventColumns[node.Column];
        text.Name(node.Name);
        if (column.ToText is { } toText)
        {
            text.String(toText(value));
            return;
        }

        switch (column.Kind)
        {
            case ColumnKind.Json:
                text.Raw(Encoding.UTF8.GetBytes((string)value));
                break;
            case ColumnKind.Time:
                text.Number((((DateTime)value).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
                break;
            case ColumnKind.Integer:
                text.Number((long)value);
                break;
            case ColumnKind.Boolean:
                text.Boolean((bool)value);
                break;
            default:
                text.String((string)value);
                break;
        }
    }

    /// <summary>A value as the driver gave it, in the type that its kind of column has here.</summary>
    public static object? FromDatabase(ColumnKind kind, object value) => value is DBNull ? null : kind switch
    {
        ColumnKind.Integer => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ColumnKind.Boolean => Convert.ToBoolean(value, CultureInfo.InvariantCulture),
        ColumnKind.Time => value is string text ? ParseTime(text) : DateTime.SpecifyKind(Convert.ToDateTime(value, CultureInfo.InvariantCulture), DateTimeKind.Utc),
        _ => value,
    };

    // Rows of before an upgrade may have times such as 0000-00-00.
    private static DateTime? ParseTime(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time)
            ? time
            : null;

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
