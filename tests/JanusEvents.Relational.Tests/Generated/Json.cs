using System.Text;

namespace JanusEvents.Relational.Tests.Generated;

/// <summary>JSON as a tree of its own tokens, so that it can be anything that is JSON by its grammar, and be made smaller.</summary>
public abstract record Json
{
    /// <summary>Writes the text.</summary>
    public abstract void WriteTo(JsonLayout text);

    /// <summary>What is tried in its place to find the smallest event that still fails, the smallest first.</summary>
    public abstract IEnumerable<Json> Smaller();

    /// <summary>The text without white space.</summary>
    public override string ToString()
    {
        var text = new JsonLayout([""]);
        WriteTo(text);
        return text.ToString();
    }

    /// <summary>Lists that are smaller than a list: without a half, a quarter … of it, or with a smaller item.</summary>
    public static IEnumerable<IReadOnlyList<T>> SmallerLists<T>(IReadOnlyList<T> list, Func<T, IEnumerable<T>> smaller)
    {
        // Of a long list not every item: each try is a POST.
        for (var length = Math.Max(1, list.Count / 2); length > list.Count / MaxParts; length = length == 1 ? 0 : length / 2)
        {
            for (var start = 0; start < list.Count; start += length)
                yield return [.. list.Take(start), .. list.Skip(start + length)];
        }

        for (var i = 0; i < list.Count; i++)
        {
            foreach (var item in smaller(list[i]))
                yield return [.. list.Select((other, place) => place == i ? item : other)];
        }
    }

    private const int MaxParts = 120;
}

/// <summary>A number, a word, or anything else that is written as it stands.</summary>
public sealed record JsonToken(string Text) : Json
{
    public static JsonToken Zero { get; } = new("0");

    public override void WriteTo(JsonLayout text) => text.Append(Text);

    public override IEnumerable<Json> Smaller() => this == Zero ? [] : [Zero];

    public override string ToString() => Text;
}

/// <summary>A string, as pieces that each stand for themselves: an escape is never cut.</summary>
public sealed record JsonString(IReadOnlyList<string> Pieces) : Json
{
    public static JsonString Of(string text) => new([text]);

    public override void WriteTo(JsonLayout text) => text.Append($"\"{string.Concat(Pieces)}\"");

    public override IEnumerable<Json> Smaller() => SmallerTexts();

    public IEnumerable<JsonString> SmallerTexts() =>
        Pieces.Count == 0 ? [] : SmallerLists(Pieces, _ => []).Select(pieces => new JsonString(pieces));

    public override string ToString() => base.ToString();
}

/// <summary>A property of an object.</summary>
public sealed record JsonProperty(JsonString Name, Json Value)
{
    public IEnumerable<JsonProperty> Smaller() =>
        [.. Value.Smaller().Select(value => this with { Value = value }), .. Name.SmallerTexts().Select(name => this with { Name = name })];
}

/// <summary>An object: its properties in their order, of the same name as often as they come.</summary>
public sealed record JsonObject(IReadOnlyList<JsonProperty> Properties) : Json
{
    public override void WriteTo(JsonLayout text)
    {
        text.Append("{");
        for (var i = 0; i < Properties.Count; i++)
        {
            if (i > 0)
                text.Append(",");
            text.Gap();
            Properties[i].Name.WriteTo(text);
            text.Gap();
            text.Append(":");
            text.Gap();
            Properties[i].Value.WriteTo(text);
            text.Gap();
        }

        text.Append("}");
    }

    public override IEnumerable<Json> Smaller() =>
        [JsonToken.Zero, .. SmallerLists(Properties, p => p.Smaller()).Select(properties => new JsonObject(properties))];

    public override string ToString() => base.ToString();
}

/// <summary>An array.</summary>
public sealed record JsonArray(IReadOnlyList<Json> Elements) : Json
{
    public override void WriteTo(JsonLayout text)
    {
        text.Append("[");
        for (var i = 0; i < Elements.Count; i++)
        {
            if (i > 0)
                text.Append(",");
            text.Gap();
            Elements[i].WriteTo(text);
            text.Gap();
        }

        text.Append("]");
    }

    public override IEnumerable<Json> Smaller() =>
        [JsonToken.Zero, .. SmallerLists(Elements, e => e.Smaller()).Select(elements => new JsonArray(elements))];

    public override string ToString() => base.ToString();
}

/// <summary>The text of some JSON while it is written, with white space between its tokens, one piece after the other and again.</summary>
public sealed class JsonLayout(IReadOnlyList<string> gaps)
{
    private readonly StringBuilder _text = new();
    private int _gap;

    public void Append(string text) => _text.Append(text);

    public void Gap() => _text.Append(gaps[_gap++ % gaps.Count]);

    public override string ToString() => _text.ToString();
}
