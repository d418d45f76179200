using System.Globalization;
using System.Text.Json;

namespace JanusEvents.Monitoring.Tests.Recorded;

/// <summary>What the records of the PeerConnections of each recording say.</summary>
internal static class ExpectedRecords
{
    private static readonly IReadOnlyDictionary<string, JsonElement> s_records = Testing.Recordings.Read("records.json");

    /// <summary>The recordings of which it is known, sorted.</summary>
    public static IReadOnlyList<string> Recordings { get; } = [.. Testing.Recordings.Names.Where(s_records.ContainsKey)];

    /// <summary>What is wrong with the records of a recording; nothing where all is as it should be.</summary>
    public static IReadOnlyList<string> Faults(string recording, IEnumerable<PeerConnectionRecord> records)
    {
        List<string> wrong = [];
        List<PeerConnectionRecord> left = [.. records];
        foreach (JsonElement expected in s_records[recording].GetProperty("peerconnections").EnumerateArray())
        {
            string name = $"{expected.GetProperty("handle").GetString()}/{expected.GetProperty("number")}";
            PeerConnectionRecord[] same = [.. left.Where(r => Is(r, expected))];
            left.RemoveAll(same.Contains);
            if (same is [PeerConnectionRecord record])
                wrong.AddRange(Faults(record, expected).Select(f => $"{name}: {f}"));
            else
                wrong.Add($"{name}: {same.Length} records");
        }

        wrong.AddRange(left.Select(r => $"one too many: {r}"));
        return wrong;
    }

    private static bool Is(PeerConnectionRecord record, JsonElement expected) =>
        record.Session.ToString(CultureInfo.InvariantCulture) == expected.GetProperty("session").GetString()
        && record.Handle.ToString(CultureInfo.InvariantCulture) == expected.GetProperty("handle").GetString()
        && record.Number == expected.GetProperty("number").GetInt32();

    private static IEnumerable<string> Faults(PeerConnectionRecord record, JsonElement expected)
    {
        foreach ((string name, string? value) in new[]
        {
            ("opaque_id", record.OpaqueId), ("plugin", record.Plugin), ("outcome", record.Outcome), ("ended_by", record.EndedBy),
            ("end_event", record.EndEvent), ("reason", record.Reason),
        })
        {
            JsonElement allowed = expected.TryGetProperty(name, out JsonElement e) ? e : default;
            bool isNull = allowed.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;
            bool matches = allowed.ValueKind == JsonValueKind.Array
                ? allowed.EnumerateArray().Any(a => a.GetString() == value)
                : isNull ? name == "ended_by" || value is null : allowed.GetString() == value;
            if (!matches)
                yield return $"{name} is {value}, not {allowed}";
        }

        if (expected.GetProperty("up").GetBoolean() != record.Up is not null)
            yield return $"up is {record.Up}";
        if (expected.TryGetProperty("up_at", out JsonElement up) && up.ValueKind == JsonValueKind.Number && Micros(record.Up) != up.GetInt64())
            yield return $"up at {Micros(record.Up)}";
        long? setup = expected.GetProperty("setup_ms").ValueKind == JsonValueKind.Null ? null : expected.GetProperty("setup_ms").GetInt64();
        if (setup is null != record.SetupMs is null || Math.Abs((setup ?? 0) - (record.SetupMs ?? 0)) > 20)
            yield return $"set-up took {record.SetupMs}, not {setup}";
        if (Math.Abs(Micros(record.Ended) - expected.GetProperty("ended_at").GetInt64()) > 0)
            yield return $"ended {(Micros(record.Ended) - expected.GetProperty("ended_at").GetInt64()) / 1e6} s off";
    }

    private static long Micros(DateTimeOffset? time) => time is null ? 0 : (time.Value - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
