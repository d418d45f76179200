using JanusEvents.Monitoring.Troubles;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Records;

/// <summary>Troubles as rows of their table.</summary>
internal static class TroubleRows
{
    /// <summary>The columns that a trouble that is there already is updated in.</summary>
    public static IReadOnlyList<string> Changing { get; } = ["severity", "ended", "ended_by", "evidence", "count", "numbers"];

    /// <summary>The row of a trouble.</summary>
    public static object?[] Of(Trouble trouble) => PeerConnectionRows.Fit(RecordTables.Troubles,
    [
        trouble.Id,
        trouble.Code,
        TroubleWords.Of(trouble.Severity),
        trouble.Subject.Emitter,
        trouble.Subject.Session,
        trouble.Subject.Handle,
        (long?)trouble.Subject.Number,
        trouble.Subject.Room,
        trouble.Subject.Participant,
        trouble.Subject.Display,
        trouble.Subject.Medium,
        trouble.Side,
        trouble.Began,
        trouble.Confirmed,
        trouble.Ended,
        trouble.EndedBy is { } end ? TroubleWords.Of(end) : null,
        RecordJson.Write([.. trouble.Evidence.Select(e => new StoredEvidence(e.At.UtcDateTime, e.What))], RecordJson.Evidence),
        trouble.Subject.Mid,
        trouble.Subject.Plugin,
        trouble.Subject.OpaqueId,
        (long)trouble.Count,
        RecordJson.Write(trouble.Numbers, RecordJson.Numbers),
    ]);

    /// <summary>The trouble of a row.</summary>
    public static Trouble Read(RecordRow row) => new()
    {
        Id = row.Text("trouble") ?? "",
        Code = row.Text("code") ?? "",
        Severity = SeverityOf(row.Text("severity")),
        Subject = new TroubleSubject
        {
            Emitter = row.Emitter,
            Session = row.Number("session"),
            Handle = row.Number("handle"),
            Number = (int?)row.Number("number"),
            Medium = row.Text("medium"),
            Mid = row.Text("mid"),
            Plugin = row.Text("plugin"),
            OpaqueId = row.Text("opaque_id"),
            Room = row.Text("room"),
            Participant = row.Text("participant"),
            Display = row.Text("display"),
        },
        Side = row.Text("side"),
        Began = row.Time("began") ?? default,
        Confirmed = row.Time("confirmed") ?? default,
        Ended = row.Time("ended"),
        EndedBy = row.Text("ended_by") is { } end ? EndOf(end) : null,
        Count = (int)(row.Number("count") ?? 1),
        Evidence = [.. (RecordJson.Read(row.Text("evidence"), RecordJson.Evidence) ?? []).Select(e => new TroubleEvidence(e.At, e.What))],
        Numbers = RecordJson.Read(row.Text("numbers"), RecordJson.Numbers) ?? new Dictionary<string, double>(),
    };

    // Words that this version does not know are those of a newer one.
    private static TroubleSeverity SeverityOf(string? word) =>
        Enum.GetValues<TroubleSeverity>().FirstOrDefault(s => TroubleWords.Of(s) == word, TroubleSeverity.Critical);

    private static TroubleEnd EndOf(string word) =>
        Enum.GetValues<TroubleEnd>().FirstOrDefault(e => TroubleWords.Of(e) == word, TroubleEnd.Unknown);
}
