using System.Text.Json;

namespace JanusEvents.AspNetCore.Content;

/// <summary>Decides whether a body that is shorter than its request announced may still be all of it.</summary>
internal static class WholeJson
{
    private static readonly JsonReaderOptions s_options = new() { AllowMultipleValues = true, MaxDepth = RawJson.MaxDepth };

    /// <summary>
    /// Whether some bytes are JSON values from their beginning to their end. A body of which a part is missing is not, whether
    /// a connection was cut that the server did not notice, or somebody read a part of it before.
    /// </summary>
    public static bool Is(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8))
            body = body[3..];
        Utf8JsonReader reader = new(body.TrimEnd((byte)0), s_options);
        bool any = false;
        try
        {
            while (reader.Read())
                any = true;
            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
