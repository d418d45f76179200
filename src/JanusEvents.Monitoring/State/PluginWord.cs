using System.Text.Json;

namespace JanusEvents.Monitoring.State;

/// <summary>The content of a plugin event beyond the facts of rooms: its word, a code, and what was turned off.</summary>
internal readonly record struct PluginWord(string? Word, long Code, bool? Audio, bool? Video)
{
    /// <summary>Reads it. Data of another form has no word.</summary>
    public static PluginWord Read(RawJson data)
    {
        string? word = null;
        long code = 0;
        bool? audio = null, video = null;
        try
        {
            Utf8JsonReader reader = new(data.Utf8.Span, new JsonReaderOptions { MaxDepth = 4_096 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isWord = reader.ValueTextEquals("event"u8) || (word is null && reader.ValueTextEquals("status"u8));
                bool isCode = reader.ValueTextEquals("code"u8);
                bool isAudio = reader.ValueTextEquals("audio_active"u8);
                bool isVideo = reader.ValueTextEquals("video_active"u8);
                reader.Read();
                if (isWord && reader.TokenType == JsonTokenType.String)
                    word = reader.GetString();
                else if (isCode && reader.TokenType == JsonTokenType.Number)
                    _ = reader.TryGetInt64(out code);
                else if (isAudio && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
                    audio = reader.GetBoolean();
                else if (isVideo && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
                    video = reader.GetBoolean();
                else
                    reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not what Janus sends; what was read until then counts.
        }

        return new PluginWord(word, code, audio, video);
    }
}
