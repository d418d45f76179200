using System.Text.Json;

namespace JanusEvents.EndToEnd.Tests;

/// <summary>
/// Which table an event belongs to, of the twelve published ones and those for the kinds that had none: written a second time here, from the published text and
/// Janus's documentation, so that the library is not measured by itself.
/// </summary>
internal static class ExpectedTables
{
    public static readonly IReadOnlyList<string> Names =
    [
        "sessions", "handles", "core", "sdps", "ice", "selectedpairs", "dtls", "connections", "media", "stats", "plugins", "transports",
        "candidates", "slowlinks", "external", "unknown",
    ];

    /// <summary>How many rows each table gets from the bodies' events.</summary>
    public static Dictionary<string, int> CountRows(IEnumerable<byte[]> bodies)
    {
        var rows = Names.ToDictionary(name => name, _ => 0);
        foreach (var json in bodies)
        {
            using var body = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 10_000 });
            if (body.RootElement.ValueKind != JsonValueKind.Array)
                Count(body.RootElement, rows);
            else
                foreach (var e in body.RootElement.EnumerateArray())
                    Count(e, rows);
        }

        return rows;
    }

    private static void Count(JsonElement e, Dictionary<string, int> rows)
    {
        var type = e.GetProperty("type").GetInt32();
        var body = e.GetProperty("event");
        var table = type switch
        {
            1 => "sessions",
            2 => "handles",
            4 => "external",
            8 => "sdps",
            16 when body.TryGetProperty("ice", out _) => "ice",
            16 when body.TryGetProperty("selected-pair", out _) => "selectedpairs",
            16 when body.TryGetProperty("dtls", out _) => "dtls",
            16 when body.TryGetProperty("connection", out _) => "connections",
            16 when body.TryGetProperty("local-candidate", out _) || body.TryGetProperty("remote-candidate", out _) => "candidates",
            32 when body.ValueKind == JsonValueKind.Array => "stats",
            32 when body.TryGetProperty("receiving", out _) => "media",
            32 when body.TryGetProperty("slow_link", out _) => "slowlinks",
            32 when e.GetProperty("subtype").GetInt32() == 3 => "stats",
            64 => "plugins",
            128 => "transports",
            256 => "core",
            _ => "unknown",
        };
        rows[table] += body.ValueKind == JsonValueKind.Array ? body.GetArrayLength() : 1;
    }
}
