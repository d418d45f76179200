using Microsoft.AspNetCore.Http;

namespace JanusEvents.Dashboard.Views;

/// <summary>Which view: its name, and what it is of. What is not given is null; servers, plugins and rooms are compared exactly.</summary>
internal sealed record ViewKey(string View, string? Emitter, string? Plugin, string? Room, string? Text)
{
    private const int LongestText = 200;

    /// <summary>Reads it from a request's query.</summary>
    public static ViewKey Of(IQueryCollection query)
    {
        string? text = Value(query, "q")?.Trim();
        return new ViewKey(
            Value(query, "view") ?? "overview",
            Value(query, "emitter"),
            Value(query, "plugin"),
            Value(query, "room"),
            text is null ? null : text.Length > LongestText ? text[..LongestText] : text);
    }

    /// <summary>A value of the query; null where it is missing or empty.</summary>
    public static string? Value(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>Whether a text contains what is looked for; also where nothing is.</summary>
    public bool Matches(params ReadOnlySpan<string?> texts)
    {
        if (Text is null or "")
            return true;
        foreach (string? text in texts)
        {
            if (text?.Contains(Text, StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return false;
    }
}
