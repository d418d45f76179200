namespace JanusEvents.Monitoring.Notifications;

/// <summary>The keys of the tags of the instruments of troubles, and severities as receivers write them.</summary>
internal static class TroubleLabels
{
    /// <summary>A code: one of <see cref="TroubleCodes"/>.</summary>
    public const string Code = "janus.trouble.code";

    /// <summary>A severity: <c>info</c>, <c>warning</c>, <c>error</c> or <c>critical</c>.</summary>
    public const string Severity = "janus.trouble.severity";

    /// <summary>A severity as PagerDuty, Alertmanager and the tags write it.</summary>
    public static string Of(TroubleSeverity severity) => severity switch
    {
        TroubleSeverity.Critical => "critical",
        TroubleSeverity.Error => "error",
        TroubleSeverity.Warning => "warning",
        _ => "info",
    };

    /// <summary>How a trouble ended, in words of the same kind.</summary>
    public static string? Of(TroubleEnd? end) => end switch
    {
        null => null,
        TroubleEnd.Recovered => "recovered",
        TroubleEnd.CallEnded => "call-ended",
        TroubleEnd.ServerEnded => "server-ended",
        _ => "unknown",
    };
}
