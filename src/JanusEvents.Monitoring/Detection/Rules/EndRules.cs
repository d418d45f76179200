using JanusEvents.Monitoring.State;

namespace JanusEvents.Monitoring.Detection.Rules;

/// <summary>Troubles that the end of a PeerConnection tells of: a set-up that failed, or was given up.</summary>
internal sealed class EndRules(TroublesOptions options, TroubleBook book)
{
    /// <summary>Whether a server is silent or gone, so that its calls cannot be judged.</summary>
    public static bool IsDark(MonitoredServer server) => server.Troubles.Count > 0 && server.IsTroubled(TroubleCodes.ServerSilent);

    /// <summary>How the troubles of something end that ended itself.</summary>
    /// <param name="word">What ended it.</param>
    public static TroubleEnd EndOf(string word) => word switch
    {
        "restart" or "shutdown" => TroubleEnd.ServerEnded,
        "forgotten" => TroubleEnd.Unknown,
        _ => TroubleEnd.CallEnded,
    };

    public void Finished(MonitoredServer server, PeerConnection pc)
    {
        if (pc.EndEvent is "restart" or "shutdown" or "forgotten" || pc.IsPartial)
            return;
        bool isUp = pc.UpAt != 0;
        bool isDtls = pc.Reason is HangupReasons.DtlsTimeout or HangupReasons.DtlsError or HangupReasons.DtlsSrtpError
            || (!isUp && (pc.DtlsFailedAt != 0 || pc.Reason == HangupReasons.DtlsAlert));
        if (isDtls)
            Begin(server, pc, options.DtlsFailed, TroubleCodes.DtlsFailed, TroubleSeverity.Error);
        else if (pc.Reason is HangupReasons.IceGatheringError or HangupReasons.GatheringError)
            Begin(server, pc, options.SetupFailed, TroubleCodes.SetupFailed, TroubleSeverity.Error);
        else if (!isUp && pc.IceFailedAt == 0 && pc.Reason != HangupReasons.IceFailed)
            Begin(server, pc, options.SetupAbandoned, TroubleCodes.SetupAbandoned, TroubleSeverity.Info);
    }

    private void Begin(MonitoredServer server, PeerConnection pc, TroubleOptions rule, string code, TroubleSeverity severity)
    {
        if (!rule.Enabled)
            return;
        TroubleBook.NoteCode(pc, code);
        book.Begin(
            pc.Troubles ??= [],
            code,
            severity,
            TroubleBook.SubjectOf(server, pc),
            null,
            pc.EndedAt,
            pc.EndedAt,
            isMomentary: true,
            signs: [(pc.EndedAt, pc.Reason is null ? pc.EndEvent! : $"{pc.EndEvent} \"{pc.Reason}\"")]);
    }
}
