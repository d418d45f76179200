using System.Globalization;
using System.Text.Json;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>
/// One property of the JSON: its path inside the object (several where releases named it differently), how to read it
/// from the record, and what the record must say for a given JSON value.
/// </summary>
internal sealed record ModelledProperty(string[] Paths, Func<JanusEvent, object?> Read, Func<JsonElement, object?> Expected)
{
    public static ModelledProperty Of<T>(string paths, Func<T, string?> read)
        where T : JanusEvent => new(paths.Split('|'), e => read((T)e), Text);

    public static ModelledProperty Of<T>(string paths, Func<T, long?> read)
        where T : JanusEvent => new(paths.Split('|'), e => read((T)e), Number);

    public static ModelledProperty Of<T>(string paths, Func<T, bool?> read)
        where T : JanusEvent => new(paths.Split('|'), e => read((T)e), Flag);

    public static ModelledProperty Of<T>(string paths, Func<T, RawJson> read)
        where T : JanusEvent => new(paths.Split('|'), e => read((T)e) is { IsEmpty: false } raw ? raw.ToString() : null, v => v.GetRawText());

    public static object? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // A lone surrogate.
        }
    }

    /// <summary>A number only where the integer, written out, is the same text again.</summary>
    public static object? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
        && long.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number.ToString(CultureInfo.InvariantCulture) == value.GetRawText()
            ? number
            : null;

    private static object? Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
