using System.Globalization;
using System.Text.Json;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Tests.Recorded;

/// <summary>What a perfect detector finds in each recording.</summary>
internal static class ExpectedTroubles
{
    private static readonly IReadOnlyDictionary<string, JsonElement> s_expected = Testing.Recordings.Read("expected.json");

    /// <summary>The recordings of which it is known, sorted.</summary>
    public static IReadOnlyList<string> Recordings { get; } = [.. Testing.Recordings.Names.Where(s_expected.ContainsKey)];

    /// <summary>What is wrong with the troubles that were found in a recording; nothing where all is as it should be.</summary>
    /// <param name="recording">Its name.</param>
    /// <param name="found">The troubles.</param>
    /// <param name="ofTheReplay">Codes that the way of replaying it explains.</param>
    public static IReadOnlyList<string> Faults(string recording, IReadOnlyList<Trouble> found, params string[] ofTheReplay)
    {
        List<string> wrong = [];
        List<Trouble> left = [.. found];
        foreach (JsonElement expected in s_expected[recording].GetProperty("expected").EnumerateArray())
        {
            string code = expected.GetProperty("code").GetString()!;
            Trouble[] same = [.. left.Where(t => t.Code == code && Is(t, expected.GetProperty("subject")) && HasSide(t, expected))];
            left.RemoveAll(same.Contains);
            bool several = expected.TryGetProperty("several", out JsonElement s) && s.GetBoolean();
            if (expected.TryGetProperty("clock", out _) && same.Length == 0)
                continue;
            if (same.Length == 0 && expected.GetProperty("required").GetBoolean())
                wrong.Add($"missing: {code} {expected.GetProperty("subject")}");
            if (same.Length > 1 && !several)
                wrong.Add($"more than one: {code}");
            foreach (Trouble trouble in same)
                wrong.AddRange(Faults(trouble, expected));
        }

        foreach (JsonElement forbidden in s_expected[recording].GetProperty("forbidden").EnumerateArray())
        {
            string code = forbidden.GetProperty("code").GetString()!;
            wrong.AddRange(left.Where(t => t.Code == code && (forbidden.GetProperty("subject").ValueKind == JsonValueKind.Null || Is(t, forbidden.GetProperty("subject"))) && HasSide(t, forbidden))
                .Select(t => $"forbidden: {Text(t)}"));
        }

        wrong.AddRange(left.Where(t => t.Severity >= TroubleSeverity.Warning && !ofTheReplay.Contains(t.Code)).Select(t => $"not expected: {Text(t)}"));
        return wrong;
    }

    private static IEnumerable<string> Faults(Trouble trouble, JsonElement expected)
    {
        string severity = trouble.Severity.ToString().ToLowerInvariant();
        string[] severities = expected.TryGetProperty("severities_allowed", out JsonElement allowed)
            ? [.. allowed.EnumerateArray().Select(a => a.GetString()!)]
            : [expected.GetProperty("severity").GetString()!];
        if (!severities.Contains(severity))
            yield return $"{trouble.Code} is {severity}";
        long earliest = expected.GetProperty("begin_earliest").GetInt64(), latest = expected.GetProperty("begin_latest").GetInt64();
        if (Micros(trouble.Began) < earliest || Micros(trouble.Confirmed) > latest)
            yield return $"{trouble.Code} began {(Micros(trouble.Began) - earliest) / 1e6} s after the earliest and was confirmed {(Micros(trouble.Confirmed) - latest) / 1e6} s after the latest";
        if (expected.GetProperty("end_earliest").ValueKind == JsonValueKind.Null)
            yield break;
        if (trouble.Ended is not { } ended)
        {
            yield return $"{trouble.Code} is still open";
            yield break;
        }

        long endEarliest = expected.GetProperty("end_earliest").GetInt64(), endLatest = expected.GetProperty("end_latest").GetInt64();
        if (Micros(ended) < endEarliest || Micros(ended) > endLatest)
            yield return $"{trouble.Code} {trouble.Subject.Medium} {trouble.Side} ended {(Micros(ended) - endEarliest) / 1e6} s after the earliest and {(Micros(ended) - endLatest) / 1e6} s after the latest";
        if (expected.TryGetProperty("ended_by", out JsonElement by) && by.GetString() != TroubleWords.Of(trouble.EndedBy!.Value))
            yield return $"{trouble.Code} ended by {trouble.EndedBy}";
    }

    private static bool Is(Trouble trouble, JsonElement subject)
    {
        TroubleSubject s = trouble.Subject;
        return Matches("emitter", s.Emitter) && Matches("session", s.Session?.ToString(CultureInfo.InvariantCulture))
            && Matches("handle", s.Handle?.ToString(CultureInfo.InvariantCulture)) && Matches("mid", s.Mid) && Matches("medium", s.Medium)
            && (!subject.TryGetProperty("number", out JsonElement number) || s.Number is null || number.GetInt32() == s.Number);

        bool Matches(string name, string? value) => !subject.TryGetProperty(name, out JsonElement expected) || expected.GetString() == value;
    }

    private static bool HasSide(Trouble trouble, JsonElement expected) =>
        !expected.TryGetProperty("side", out JsonElement side) || side.ValueKind == JsonValueKind.Null || side.GetString() == trouble.Side;

    private static long Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static string Text(Trouble t) =>
        $"{t.Code} {t.Severity} {t.Side} handle {t.Subject.Handle} mid {t.Subject.Mid} {t.Began:HH:mm:ss.fff} to {t.Ended:HH:mm:ss.fff} confirmed {t.Confirmed:HH:mm:ss.fff} [{string.Join("; ", t.Evidence.Select(e => e.What))}] {string.Join(",", t.Numbers)}";
}
