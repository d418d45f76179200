using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>The keys of the tags of the instruments of troubles, and how receivers write the end of one.</summary>
internal static class TroubleLabels
{
    /// <summary>A code: one of <see cref="TroubleCodes"/>.</summary>
    public const string Code = "janus.trouble.code";

    /// <summary>A severity: <c>info</c>, <c>warning</c>, <c>error</c> or <c>critical</c>.</summary>
    public const string Severity = "janus.trouble.severity";

    /// <summary>How a trouble ended, in words without a blank.</summary>
    public static string? Of(TroubleEnd? end) => end is { } known ? TroubleWords.Of(known).Replace(' ', '-') : null;
}
