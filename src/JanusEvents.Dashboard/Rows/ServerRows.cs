using System.Text.Json.Nodes;

namespace JanusEvents.Dashboard.Rows;

/// <summary>Servers as cards.</summary>
internal static class ServerRows
{
    private static readonly TimeSpan s_silentAfter = TimeSpan.FromSeconds(5);

    /// <param name="server">The server.</param>
    /// <param name="troubles">Its open troubles.</param>
    /// <param name="now">When the snapshot was taken.</param>
    public static JsonObject Of(ServerState server, IReadOnlyCollection<Trouble> troubles, DateTimeOffset now)
    {
        bool isSilent = server.HeardAt is { } heard && now - heard > s_silentAfter;
        return new JsonObject
        {
            ["emitter"] = server.Emitter,
            ["sessions"] = server.Sessions,
            ["handles"] = server.Handles,
            ["calls"] = server.Calls,
            ["rooms"] = server.Rooms,
            ["eventsPerSecond"] = server.EventsPerSecond < 10 ? Math.Round(server.EventsPerSecond, 1) : Math.Round(server.EventsPerSecond),
            ["silentSince"] = isSilent ? RowText.Of(server.HeardAt) : null,
            ["lagMs"] = Lag(server.Lag),
            ["setups"] = server.Setups.Succeeded + server.Setups.Failed,
            ["succeeded"] = server.Setups.Succeeded,
            ["failed"] = server.Setups.Failed,
            ["setupP50Ms"] = server.Setups.P50Ms,
            ["setupP95Ms"] = server.Setups.P95Ms,
            ["lossIn"] = RowText.Share(server.LossIn),
            ["lossOut"] = RowText.Share(server.LossOut),
            ["rttMs"] = server.RttMs,
            ["startedAt"] = RowText.Of(server.StartedAt),
            ["version"] = Version(server.Description),
            ["troubles"] = troubles.Count,
            ["severity"] = RowText.Of(troubles.Count == 0 ? null : troubles.Max(t => t.Severity)),
            ["spark"] = new JsonObject
            {
                ["calls"] = Line(server, moment => moment.Calls),
                ["loss"] = Line(server, moment => moment.Loss),
                ["rtt"] = Line(server, moment => moment.RttMs),
            },
        };
    }

    public static string? Version(RawJson description) =>
        Description(description) is { } info && info["version_string"] is JsonValue version && version.TryGetValue(out string? text) ? text : null;

    public static JsonObject? Description(RawJson json)
    {
        try
        {
            return json.IsEmpty ? null : JsonNode.Parse(json.Utf8.Span, documentOptions: new() { MaxDepth = RawJson.MaxDepth }) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    // In steps, so that it does not change all the time.
    private static int Lag(TimeSpan lag) => (int)(Math.Round(Math.Clamp(lag.TotalMilliseconds, 0, 86_400_000) / 100) * 100);

    private static JsonArray Line(ServerState server, Func<ServerMoment, double?> value) =>
        [.. server.History.Select(moment => value(moment) is { } known ? JsonValue.Create(known) : (JsonNode?)null)];
}
