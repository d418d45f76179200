using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace JanusEvents.Relational.Tests.Stores;

/// <summary>
/// The rows that bodies must give in the twelve published tables, found out from their JSON without any code of the
/// product.
/// </summary>
public static partial class ExpectedRows
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 10_000 };

    /// <summary>The columns of each table after <c>id</c>, as they were published.</summary>
    public static IReadOnlyDictionary<string, string[]> Columns { get; } = new Dictionary<string, string[]>
    {
        ["sessions"] = ["session", "event", "timestamp"],
        ["handles"] = ["session", "handle", "event", "plugin", "timestamp"],
        ["core"] = ["name", "value", "timestamp"],
        ["sdps"] = ["session", "handle", "remote", "offer", "sdp", "timestamp"],
        ["ice"] = ["session", "handle", "stream", "component", "state", "timestamp"],
        ["selectedpairs"] = ["session", "handle", "stream", "component", "selected", "timestamp"],
        ["dtls"] = ["session", "handle", "stream", "component", "state", "timestamp"],
        ["connections"] = ["session", "handle", "state", "timestamp"],
        ["media"] = ["session", "handle", "medium", "receiving", "timestamp"],
        ["stats"] =
        [
            "session", "handle", "medium", "base", "lsr", "lostlocal", "lostremote", "jitterlocal", "jitterremote",
            "packetssent", "packetsrecv", "bytessent", "bytesrecv", "nackssent", "nacksrecv", "timestamp",
        ],
        ["plugins"] = ["session", "handle", "plugin", "event", "timestamp"],
        ["transports"] = ["session", "handle", "plugin", "event", "timestamp"],
    };

    /// <summary>The rows of each table, in the order of arrival.</summary>
    /// <param name="bodies">The bodies' JSON in the order of arrival.</param>
    public static Dictionary<string, List<string?[]>> Of(IEnumerable<byte[]> bodies)
    {
        var rows = Columns.Keys.ToDictionary(table => table, _ => new List<string?[]>());
        foreach (var body in bodies)
        {
            using var json = JsonDocument.Parse(body, s_deep);
            var root = json.RootElement;
            foreach (var e in root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToArray() : [root])
            {
                foreach (var (table, row) in RowsOf(e))
                    rows[table].Add(row);
            }
        }

        return rows;
    }

    private static IEnumerable<(string Table, string?[] Row)> RowsOf(JsonElement e)
    {
        var subtype = Value(e, "subtype");
        var (session, handle, time) = (Value(e, "session_id"), Value(e, "handle_id"), TimeOf(e));
        var body = e.GetProperty("event");
        switch (e.GetProperty("type").GetInt32())
        {
            case 1:
                yield return ("sessions", [session, Value(body, "name"), time]);
                break;
            case 2:
                yield return ("handles", [session, handle, Value(body, "name"), Value(body, "plugin"), time]);
                break;
            case 256:
                yield return ("core", ["status", Value(body, "status"), time]);
                break;
            case 8:
                var jsep = body.GetProperty("jsep");
                yield return ("sdps",
                [
                    session, handle, Value(body, "owner") == "remote" ? "1" : "0", Value(jsep, "type") == "offer" ? "1" : "0",
                    Value(jsep, "sdp"), time,
                ]);
                break;
            case 16 when subtype == "1":
                yield return ("ice", [session, handle, .. Place(body), Value(body, "ice"), time]);
                break;
            case 16 when subtype == "4":
                yield return ("selectedpairs", [session, handle, .. Place(body), Value(body, "selected-pair"), time]);
                break;
            case 16 when subtype == "5":
                yield return ("dtls", [session, handle, .. Place(body), Value(body, "dtls"), time]);
                break;
            case 16 when subtype == "6":
                yield return ("connections", [session, handle, Value(body, "connection"), time]);
                break;
            case 32 when subtype == "1":
                yield return ("media", [session, handle, Value(body, "media"), Value(body, "receiving"), time]);
                break;
            case 32 when subtype == "3":
                foreach (var medium in body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().ToArray() : [body])
                {
                    yield return ("stats",
                    [
                        session, handle, Value(medium, "media"), Value(medium, "base"), Value(medium, "lsr"),
                        Value(medium, "lost"), Value(medium, "lost-by-remote"), Value(medium, "jitter-local"),
                        Value(medium, "jitter-remote"), Value(medium, "packets-sent"), Value(medium, "packets-received"),
                        Value(medium, "bytes-sent"), Value(medium, "bytes-received"), Value(medium, "nacks-sent"),
                        Value(medium, "nacks-received"), time,
                    ]);
                }

                break;
            case 64:
                yield return ("plugins", [session, handle, Value(body, "plugin"), Compact(body, "data"), time]);
                break;
            case 128:
                yield return ("transports", [session, handle, Value(body, "transport"), Compact(body, "data"), time]);
                break;
        }
    }

    private static string?[] Place(JsonElement body) => [Value(body, "stream_id"), Value(body, "component_id")];

    private static string? Value(JsonElement parent, string name) => parent.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.True => "1",
            JsonValueKind.False => "0",
            _ => value.GetRawText(),
        }
        : null;

    private static string? Compact(JsonElement parent, string name) => parent.TryGetProperty(name, out var value)
        ? SpaceOutsideOfStrings().Replace(value.GetRawText(), "$1")
        : null;

    private static string TimeOf(JsonElement e)
    {
        var microseconds = e.GetProperty("timestamp").GetInt64();
        var second = DateTimeOffset.FromUnixTimeSeconds(microseconds / 1_000_000);
        return string.Create(CultureInfo.InvariantCulture, $"{second:yyyy-MM-dd HH:mm:ss}.{microseconds % 1_000_000:D6}");
    }

    [GeneratedRegex("""("(?:[^"\\]|\\.)*")|\s+""", RegexOptions.Singleline)]
    private static partial Regex SpaceOutsideOfStrings();
}
