using System.Text.Json;

namespace JanusEvents.Mqtt.Receiving;

/// <summary>What a status message says.</summary>
internal enum JanusStatus
{
    /// <summary>Nothing that is known.</summary>
    Unknown,

    /// <summary>The server connected.</summary>
    Connected,

    /// <summary>The server disconnected, or its will says so.</summary>
    Disconnected,

    /// <summary>The retained status was deleted.</summary>
    Deleted,
}

/// <summary>The messages at <c>…/status</c>, which Janus's MQTT event handler publishes besides events.</summary>
internal static class StatusMessage
{
    // The levels that the handler adds to its topic (addevent).
    private static readonly HashSet<string> s_kinds = new(StringComparer.Ordinal)
    {
        "sessions", "handles", "external", "jsep", "webrtc", "media", "plugins", "transports", "core",
    };

    public static bool IsAt(string topic) => LastLevel(topic) is "status";

    /// <summary>The topic of the server that published: without the level for the kind of message.</summary>
    public static string ServerOf(string topic)
    {
        ReadOnlySpan<char> last = LastLevel(topic);
        return topic.Length > last.Length && (last is "status" || s_kinds.GetAlternateLookup<ReadOnlySpan<char>>().Contains(last))
            ? topic[..^(last.Length + 1)]
            : topic;
    }

    public static JanusStatus Read(ReadOnlyMemory<byte> message)
    {
        if (message.IsEmpty)
            return JanusStatus.Deleted;

        try
        {
            using JsonDocument document = JsonDocument.Parse(message);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("event", out JsonElement what)
                && what.ValueKind == JsonValueKind.String
                    ? what.GetString() switch
                    {
                        "connected" => JanusStatus.Connected,
                        "disconnected" => JanusStatus.Disconnected,
                        _ => JanusStatus.Unknown,
                    }
                    : JanusStatus.Unknown;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return JanusStatus.Unknown;
        }
    }

    private static ReadOnlySpan<char> LastLevel(string topic) => topic.AsSpan(topic.LastIndexOf('/') + 1);
}
