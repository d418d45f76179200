using System.Text.Json;
using System.Text.Json.Nodes;

namespace JanusEvents.Dashboard.Views;

/// <summary>The content of a view at one moment: objects, and lists of rows with ids.</summary>
internal sealed class ViewContent
{
    private readonly Dictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RowList> _lists = new(StringComparer.Ordinal);

    public void Add(string section, JsonObject value) => _objects.Add(section, value);

    /// <summary>Adds a list of rows.</summary>
    /// <param name="section">Its name.</param>
    /// <param name="rows">The rows, each with its id.</param>
    /// <param name="more">How many rows are not among them.</param>
    public void Add(string section, IEnumerable<(string Id, JsonObject Row)> rows, int more = 0)
    {
        RowList list = new(more);
        foreach ((string id, JsonObject row) in rows)
        {
            if (list.Rows.TryAdd(id, row))
                list.Order.Add(id);
        }

        _lists.Add(section, list);
    }

    /// <summary>Writes everything.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        foreach ((string section, JsonObject value) in _objects)
        {
            writer.WritePropertyName(section);
            value.WriteTo(writer);
        }

        foreach ((string section, RowList list) in _lists)
            Write(writer, section, list, null);
    }

    /// <summary>Writes what is not as it was before.</summary>
    /// <returns>Whether there was something.</returns>
    public bool WriteChanges(Utf8JsonWriter writer, ViewContent before)
    {
        bool any = false;
        foreach ((string section, JsonObject value) in _objects)
        {
            if (before._objects.TryGetValue(section, out JsonObject? last) && JsonNode.DeepEquals(value, last))
                continue;
            any = true;
            writer.WritePropertyName(section);
            WriteChanges(writer, value, last);
        }

        foreach ((string section, RowList list) in _lists)
            any |= Write(writer, section, list, before._lists.GetValueOrDefault(section));
        return any;
    }

    private static bool Write(Utf8JsonWriter writer, string section, RowList list, RowList? before)
    {
        bool hasOrder = before is null || before.More != list.More || !before.Order.SequenceEqual(list.Order);
        List<string> changed = [.. list.Order.Where(id => before is null || !before.Rows.TryGetValue(id, out JsonObject? last) || !JsonNode.DeepEquals(list.Rows[id], last))];
        if (!hasOrder && changed.Count == 0)
            return false;

        writer.WriteStartObject(section);
        if (hasOrder)
        {
            writer.WriteStartArray("order");
            foreach (string id in list.Order)
                writer.WriteStringValue(id);
            writer.WriteEndArray();
            writer.WriteNumber("more", list.More);
        }

        writer.WriteStartObject("rows");
        foreach (string id in changed)
        {
            writer.WritePropertyName(id);
            WriteChanges(writer, list.Rows[id], before?.Rows.GetValueOrDefault(id));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        return true;
    }

    private static void WriteChanges(Utf8JsonWriter writer, JsonObject value, JsonObject? before)
    {
        if (before is null)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach ((string name, JsonNode? node) in value)
        {
            if (before.TryGetPropertyValue(name, out JsonNode? last) && JsonNode.DeepEquals(node, last))
                continue;
            writer.WritePropertyName(name);
            if (node is null)
                writer.WriteNullValue();
            else
                node.WriteTo(writer);
        }

        foreach ((string name, JsonNode? _) in before)
        {
            if (!value.ContainsKey(name))
                writer.WriteNull(name);
        }

        writer.WriteEndObject();
    }

    private sealed class RowList(int more)
    {
        public int More => more;

        public List<string> Order { get; } = [];

        public Dictionary<string, JsonObject> Rows { get; } = new(StringComparer.Ordinal);
    }
}
