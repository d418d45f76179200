using System.Text;
using JanusEvents.Redaction;

namespace JanusEvents.Dashboard.Rows;

/// <summary>Prepares texts of events for the page: masks addresses if that is set, and limits the length.</summary>
internal sealed class RowTexts(JanusDashboardOptions options)
{
    private const int LongestName = 300;

    private readonly AddressText? _addresses = options.HideAddresses ? new AddressText(key: null) : null;
    private readonly JsonRedaction? _json =
        options.HideAddresses ? new JsonRedaction(new SecretText(new RedactionOptions { Addresses = AddressRedaction.Mask })) : null;

    public bool HidesSdp => options.HideSdp;

    /// <summary>A text that may have addresses in it.</summary>
    public string? Clean(string? text) => text is null || _addresses is null ? text : _addresses.Replace(text);

    /// <summary>A name, cut where it is longer than anybody reads.</summary>
    public string? Short(string? name)
    {
        string? clean = Clean(name);
        if (clean is null || clean.Length <= LongestName)
            return clean;
        int end = char.IsHighSurrogate(clean[LongestName - 1]) ? LongestName - 1 : LongestName;
        return string.Concat(clean.AsSpan(0, end), "…");
    }

    /// <summary>The JSON of an event.</summary>
    public string Json(JanusEvent e)
    {
        if (HidesSdp && e is JsepEvent)
            return "{}";
        ReadOnlySpan<byte> json = e.Json.Utf8.Span;
        return Encoding.UTF8.GetString(_json?.CleanEvent(json) is { } clean ? clean.Span : json);
    }
}
