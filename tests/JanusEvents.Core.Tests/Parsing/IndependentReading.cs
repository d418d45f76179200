using System.Text.Json;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>
/// Reads JSON a second time, with <see cref="JsonDocument"/>, and says where the parser's events differ from it.
/// </summary>
internal static class IndependentReading
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 70_000 };

    public static JsonDocument Read(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json, s_deep);

    /// <summary>The elements of a body: those of its array, or the one object.</summary>
    public static IEnumerable<JsonElement> Elements(JsonElement body) =>
        body.ValueKind == JsonValueKind.Array ? body.EnumerateArray() : [body];

    /// <summary>How the events differ from all that the body says; empty when they say the same.</summary>
    public static List<string> Differences(ReadOnlyMemory<byte> body, IReadOnlyList<JanusEvent> events)
    {
        using var document = Read(body);
        List<string> differences = [];
        var next = 0;
        foreach (var sent in Elements(document.RootElement))
        {
            var expected = Expected(sent).ToList();
            foreach (var (model, content, part) in expected)
            {
                if (next == events.Count)
                {
                    differences.Add($"no event for {Short(sent)}");
                    return differences;
                }

                Compare(sent, model, content, part, events[next++], differences);
            }
        }

        if (next < events.Count)
            differences.Add($"{events.Count - next} events more than were sent");
        return differences;
    }

    /// <summary>The properties of an event that no property of its record covers.</summary>
    public static IEnumerable<string> Unmodelled(JsonElement sent)
    {
        foreach (var name in Uncovered(sent, ModelledBody.Envelope, ""))
        {
            if (name != "event")
                yield return name;
        }

        foreach (var (model, content, _) in Expected(sent))
        {
            if (model is null)
                continue;
            foreach (var name in Uncovered(content, model, ""))
                yield return $"{model.Record.Name}: {name}";
        }
    }

    /// <summary>The table and the body of each event that an element must give; without a table an UnknownEvent.</summary>
    private static IEnumerable<(ModelledBody? Model, JsonElement Content, int? Part)> Expected(JsonElement sent)
    {
        TryGet(sent, "event", out var content);
        var model = ModelledBody.For(sent);
        var unknown = (default(ModelledBody), content, default(int?));
        if (model is null || IsRepeated(sent, ModelledBody.Envelope, ""))
            return [unknown];

        if (model == ModelledBody.MediaStats && content.ValueKind == JsonValueKind.Array)
        {
            var parts = content.EnumerateArray().ToList();
            var broken = parts.Count == 0 || parts.Any(p => p.ValueKind != JsonValueKind.Object || IsRepeated(p, model, ""));
            return broken ? [unknown] : parts.Select((p, i) => ((ModelledBody?)model, p, (int?)i));
        }

        return content.ValueKind != JsonValueKind.Object || IsRepeated(content, model, "") ? [unknown] : [(model, content, null)];
    }

    private static void Compare(
        JsonElement sent, ModelledBody? model, JsonElement content, int? part, JanusEvent actual, List<string> differences)
    {
        var record = model?.Record ?? typeof(UnknownEvent);
        if (actual.GetType() != record)
        {
            differences.Add($"{actual.GetType().Name} instead of {record.Name} for {Short(sent)}");
            return;
        }

        Same("Json", actual.Json.ToString(), sent.GetRawText());
        Same("Part", (actual as MediaStatsEvent)?.Part, part);
        if (actual is UnknownEvent unknown)
            Same("Body", unknown.Body.ToString(), content.ValueKind == JsonValueKind.Undefined ? "" : content.GetRawText());
        foreach (var property in ModelledBody.Envelope.Properties)
            Same(property.Paths[0], property.Read(actual), Value(property, sent));
        foreach (var property in model?.Properties ?? [])
            Same($"event.{property.Paths[0]}", property.Read(actual), Value(property, content));

        void Same(string what, object? read, object? written)
        {
            if (!Equals(read, written))
                differences.Add($"{what} is {read ?? "null"} instead of {written ?? "null"} in {Short(sent)}");
        }
    }

    private static object? Value(ModelledProperty property, JsonElement inside) =>
        property.Paths.Select(p => Find(inside, p)).FirstOrDefault(v => v is not null) is { } value ? property.Expected(value) : null;

    private static JsonElement? Find(JsonElement inside, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (!TryGet(inside, name, out inside))
                return null;
        }

        return inside;
    }

    private static bool IsRepeated(JsonElement inside, ModelledBody model, string prefix)
    {
        HashSet<string> seen = [];
        foreach (var (name, value) in Properties(inside))
        {
            var path = prefix + name;
            var covers = Covers(model, path);
            var entered = model.Properties.Any(p => p.Paths.Any(q => q.StartsWith(path + ".", StringComparison.Ordinal)));
            var known = covers || entered || (model == ModelledBody.Envelope && path == "event");
            if (known && !seen.Add(path))
                return true;
            if (entered && IsRepeated(value, model, path + "."))
                return true;
        }

        return false;
    }

    private static IEnumerable<string> Uncovered(JsonElement inside, ModelledBody model, string prefix)
    {
        foreach (var (name, value) in Properties(inside))
        {
            var path = prefix + name;
            if (Covers(model, path))
                continue;
            var entered = model.Properties.Any(p => p.Paths.Any(q => q.StartsWith(path + ".", StringComparison.Ordinal)));
            if (!entered || value.ValueKind != JsonValueKind.Object)
                yield return path;
            foreach (var uncovered in entered ? Uncovered(value, model, path + ".") : [])
                yield return uncovered;
        }
    }

    private static bool Covers(ModelledBody model, string path) => model.Properties.Any(p => p.Paths.Contains(path));

    /// <summary>The last property of a name. JsonElement.TryGetProperty would throw for lone surrogates in other names.</summary>
    public static bool TryGet(JsonElement inside, string name, out JsonElement value)
    {
        value = Properties(inside).LastOrDefault(p => p.Name == name).Value;
        return value.ValueKind != JsonValueKind.Undefined;
    }

    public static IEnumerable<(string Name, JsonElement Value)> Properties(JsonElement inside) =>
        inside.ValueKind == JsonValueKind.Object ? inside.EnumerateObject().Select(p => (NameOf(p), p.Value)) : [];

    // A name with a lone surrogate is no text; it is none of ours.
    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    private static string Short(JsonElement sent) => sent.GetRawText() is { Length: > 300 } text ? text[..300] + "…" : sent.GetRawText();
}
