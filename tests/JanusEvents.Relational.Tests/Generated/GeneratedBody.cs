using System.Text;

namespace JanusEvents.Relational.Tests.Generated;

/// <summary>A body to be posted.</summary>
/// <param name="Elements">What stands in its array, or alone: events, and what is none.</param>
/// <param name="Gaps">The white space between the tokens.</param>
/// <param name="IsArray">Whether it is an array; else it is the one element, which is an object.</param>
public sealed record GeneratedBody(IReadOnlyList<Json> Elements, IReadOnlyList<string> Gaps, bool IsArray)
{
    /// <summary>The body, and the bytes of each of its elements.</summary>
    public (byte[] Body, IReadOnlyList<string> Elements) Write()
    {
        List<string> elements = [];
        var layout = new JsonLayout(Gaps);
        foreach (var element in Elements)
        {
            var text = new JsonLayout(Gaps);
            element.WriteTo(text);
            elements.Add(text.ToString());
        }

        if (!IsArray)
            return (Encoding.UTF8.GetBytes(elements[0]), elements);

        layout.Append("[");
        for (var i = 0; i < elements.Count; i++)
        {
            if (i > 0)
                layout.Append(",");
            layout.Gap();
            layout.Append(elements[i]);
            layout.Gap();
        }

        layout.Append("]");
        return (Encoding.UTF8.GetBytes(layout.ToString()), elements);
    }

    /// <summary>Bodies to try in its place, to find the smallest that still fails.</summary>
    public IEnumerable<GeneratedBody> Smaller()
    {
        if (Gaps is not [""])
            yield return this with { Gaps = [""] };
        foreach (var elements in Json.SmallerLists(Elements, e => e.Smaller()))
        {
            if (IsArray || elements is [JsonObject])
                yield return this with { Elements = elements };
        }
    }

    public override string ToString() => Encoding.UTF8.GetString(Write().Body);
}
