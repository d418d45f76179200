using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using JanusEvents.Dashboard.Rows;

namespace JanusEvents.Dashboard.Queries;

/// <summary>A record as JSON and as a line of CSV.</summary>
internal static class RecordRow
{
    private static readonly (string Name, Func<PeerConnectionRecord, JsonNode?> Value)[] s_columns =
    [
        ("emitter", r => r.Emitter),
        ("session", r => RowText.Of(r.Session)),
        ("handle", r => RowText.Of(r.Handle)),
        ("number", r => r.Number),
        ("opaqueId", r => r.OpaqueId),
        ("plugin", r => r.Plugin),
        ("room", r => r.Room),
        ("participant", r => r.Participant),
        ("display", r => r.Display),
        ("attached", r => RowText.Of(r.Attached)),
        ("offered", r => RowText.Of(r.Offered)),
        ("answered", r => RowText.Of(r.Answered)),
        ("connecting", r => RowText.Of(r.Connecting)),
        ("connected", r => RowText.Of(r.Connected)),
        ("dtlsConnected", r => RowText.Of(r.DtlsConnected)),
        ("up", r => RowText.Of(r.Up)),
        ("firstMedia", r => RowText.Of(r.FirstMedia)),
        ("ended", r => RowText.Of(r.Ended)),
        ("setupMs", r => r.SetupMs),
        ("durationMs", r => r.DurationMs),
        ("outcome", r => r.Outcome),
        ("endedBy", r => r.EndedBy),
        ("endEvent", r => r.EndEvent),
        ("reason", r => r.Reason),
        ("localType", r => r.LocalType),
        ("remoteType", r => r.RemoteType),
        ("protocol", r => r.Protocol),
        ("relayed", r => r.Relayed),
        ("iceRestarts", r => r.IceRestarts),
        ("quality", r => r.Quality),
        ("qualityWorst", r => r.QualityWorst),
    ];

    /// <summary>The first line of a CSV file.</summary>
    public static string Header => string.Join(',', s_columns.Select(column => column.Name).Append("troubles")) + "\r\n";

    public static JsonObject Json(PeerConnectionRecord record, RowTexts texts)
    {
        JsonObject row = [];
        foreach ((string name, Func<PeerConnectionRecord, JsonNode?> value) in s_columns)
            row[name] = Cleaned(value(record), texts);
        row["troubles"] = new JsonArray([.. record.Troubles.Select(code => (JsonNode)JsonValue.Create(code))]);
        return row;
    }

    public static string Csv(PeerConnectionRecord record, RowTexts texts)
    {
        StringBuilder line = new();
        foreach ((string _, Func<PeerConnectionRecord, JsonNode?> value) in s_columns)
            line.Append(Cell(Cleaned(value(record), texts))).Append(',');
        return line.Append(Cell(string.Join(' ', record.Troubles))).Append("\r\n").ToString();
    }

    private static JsonNode? Cleaned(JsonNode? value, RowTexts texts) =>
        value is JsonValue node && node.TryGetValue(out string? text) ? texts.Short(text) : value;

    // A text that a spreadsheet would evaluate as a formula is marked as text.
    private static string Cell(JsonNode? value)
    {
        string text = value switch
        {
            null => "",
            JsonValue node when node.TryGetValue(out string? known) => known is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + known : known,
            _ => value.ToJsonString(),
        };
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
