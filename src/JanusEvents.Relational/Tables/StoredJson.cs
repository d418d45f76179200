using System.Text.Json;

namespace JanusEvents.Relational.Tables;

/// <summary>Checks texts of columns that should hold JSON, before they are put between other JSON.</summary>
internal static class StoredJson
{
    // It is put into the body of an event.
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = RawJson.MaxDepth - 2 };

    /// <summary>Whether it is one JSON value and nothing else.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader tokens = new(json, s_options);
            while (tokens.Read())
            {
            }

            return tokens.BytesConsumed > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether JSON is an object.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json) => json.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
}
