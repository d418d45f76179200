namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>Troubles for tests.</summary>
internal static class SampleTroubles
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 12, 27, 942, TimeSpan.Zero);

    /// <summary>That of a call.</summary>
    public static Trouble OfCall(
        long number = 1, string code = TroubleCodes.MediaLost, TroubleSeverity severity = TroubleSeverity.Error, string emitter = "edge-7", DateTimeOffset? began = null) => new()
    {
        Id = FormattableString.Invariant($"{code.Replace('-', 'x')}{number}on{emitter.Replace('-', 'x')}"),
        Code = code,
        Severity = severity,
        Subject = new TroubleSubject
        {
            Emitter = emitter,
            Session = 5_976_879_829_026_834 + number,
            Handle = 5_032_040_580_416_894 + number,
            Number = 1,
            Plugin = JanusPlugins.VideoRoom,
            Room = "1234",
            Participant = "6978318287626677",
            Display = "Carol",
            OpaqueId = "videoroom-carol",
        },
        Side = "client-to-janus",
        Began = began ?? Start,
        Confirmed = (began ?? Start).AddSeconds(2),
        Evidence = [new TroubleEvidence(began ?? Start, "audio receiving false")],
        Numbers = new Dictionary<string, double> { ["receivedBefore"] = 81, ["loss"] = 0.25 },
    };

    /// <summary>That of a whole server.</summary>
    public static Trouble OfServer(string code = TroubleCodes.ServerSilent, string emitter = "edge-7", TroubleSeverity severity = TroubleSeverity.Critical) =>
        OfCall(0, code, severity, emitter) with { Subject = new TroubleSubject { Emitter = emitter }, Side = "server" };

    public static Trouble Over(this Trouble trouble, TroubleEnd by = TroubleEnd.Recovered) =>
        trouble with { Ended = trouble.Confirmed.AddSeconds(4), EndedBy = by };

    public static Trouble Again(this Trouble trouble) => trouble with { Ended = null, EndedBy = null, Count = trouble.Count + 1 };
}
