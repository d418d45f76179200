namespace JanusEvents.Monitoring.Troubles;

/// <summary>The words of troubles in tables and messages.</summary>
internal static class TroubleWords
{
    public static string Of(TroubleSeverity severity) => severity switch
    {
        TroubleSeverity.Info => "info",
        TroubleSeverity.Warning => "warning",
        TroubleSeverity.Error => "error",
        _ => "critical",
    };

    public static string Of(TroubleEnd end) => end switch
    {
        TroubleEnd.Recovered => "recovered",
        TroubleEnd.CallEnded => "call ended",
        TroubleEnd.ServerEnded => "server ended",
        _ => "unknown",
    };
}
