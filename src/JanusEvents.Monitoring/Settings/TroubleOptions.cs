using Microsoft.Extensions.Configuration;

namespace JanusEvents;

/// <summary>Whether a trouble is detected.</summary>
public class TroubleOptions
{
    /// <summary>Whether it is detected; true by default.</summary>
    public bool Enabled { get; set; } = true;
}

/// <summary>A trouble that is there when something lasts.</summary>
public sealed class TroubleAfterOptions : TroubleOptions
{
    /// <summary>How long it has to last, by the server's clock.</summary>
    public TimeSpan After { get; set; }
}

/// <summary>A trouble that is there while a measured value is too high.</summary>
public sealed class TroubleLimitOptions : TroubleOptions
{
    /// <summary>The value above which it begins; more than 0. Shares are 0 to 1, times are milliseconds.</summary>
    public double Raise { get; set; }

    /// <summary>The value that it has to be below to end; at most <see cref="Raise"/>.</summary>
    public double End { get; set; }
}

/// <summary>
/// The limits of the troubles, one property for each code. In the configuration they lie under
/// <c>JanusEvents:Monitoring:Troubles:&lt;code&gt;</c>, such as <c>Troubles:high-loss:Raise</c>.
/// </summary>
public sealed class TroublesOptions
{
    /// <summary><see cref="TroubleCodes.ServerRestarted"/>.</summary>
    [ConfigurationKeyName("server-restarted")]
    public TroubleOptions ServerRestarted { get; } = new();

    /// <summary><see cref="TroubleCodes.ServerSilent"/>: after 10 s, or three times the usual gap where that is longer.</summary>
    [ConfigurationKeyName("server-silent")]
    public TroubleAfterOptions ServerSilent { get; } = After(10);

    /// <summary><see cref="TroubleCodes.ServerStopped"/>.</summary>
    [ConfigurationKeyName("server-stopped")]
    public TroubleOptions ServerStopped { get; } = new();

    /// <summary><see cref="TroubleCodes.EventsLate"/>.</summary>
    [ConfigurationKeyName("events-late")]
    public TroubleOptions EventsLate { get; } = new();

    /// <summary><see cref="TroubleCodes.ClockSkew"/>.</summary>
    [ConfigurationKeyName("clock-skew")]
    public TroubleOptions ClockSkew { get; } = new();

    /// <summary><see cref="TroubleCodes.ServerNameShared"/>.</summary>
    [ConfigurationKeyName("server-name-shared")]
    public TroubleOptions ServerNameShared { get; } = new();

    /// <summary><see cref="TroubleCodes.ManySetupsFailing"/>: the share of set-ups that failed in five minutes; 0.2 and 0.1.</summary>
    [ConfigurationKeyName("many-setups-failing")]
    public TroubleLimitOptions ManySetupsFailing { get; } = Limit(0.2, 0.1);

    /// <summary><see cref="TroubleCodes.SessionLost"/>.</summary>
    [ConfigurationKeyName("session-lost")]
    public TroubleOptions SessionLost { get; } = new();

    /// <summary><see cref="TroubleCodes.SessionForgotten"/>.</summary>
    [ConfigurationKeyName("session-forgotten")]
    public TroubleOptions SessionForgotten { get; } = new();

    /// <summary><see cref="TroubleCodes.TransportLost"/>.</summary>
    [ConfigurationKeyName("transport-lost")]
    public TroubleOptions TransportLost { get; } = new();

    /// <summary><see cref="TroubleCodes.NoAnswer"/>: after 60 s.</summary>
    [ConfigurationKeyName("no-answer")]
    public TroubleAfterOptions NoAnswer { get; } = After(60);

    /// <summary><see cref="TroubleCodes.NoRemoteCandidates"/>: after 5 s.</summary>
    [ConfigurationKeyName("no-remote-candidates")]
    public TroubleAfterOptions NoRemoteCandidates { get; } = After(5);

    /// <summary><see cref="TroubleCodes.IceSlow"/>: after 5 s.</summary>
    [ConfigurationKeyName("ice-slow")]
    public TroubleAfterOptions IceSlow { get; } = After(5);

    /// <summary><see cref="TroubleCodes.IceFailed"/>.</summary>
    [ConfigurationKeyName("ice-failed")]
    public TroubleOptions IceFailed { get; } = new();

    /// <summary><see cref="TroubleCodes.DtlsStalled"/>.</summary>
    [ConfigurationKeyName("dtls-stalled")]
    public TroubleOptions DtlsStalled { get; } = new();

    /// <summary><see cref="TroubleCodes.DtlsFailed"/>.</summary>
    [ConfigurationKeyName("dtls-failed")]
    public TroubleOptions DtlsFailed { get; } = new();

    /// <summary><see cref="TroubleCodes.SetupFailed"/>.</summary>
    [ConfigurationKeyName("setup-failed")]
    public TroubleOptions SetupFailed { get; } = new();

    /// <summary><see cref="TroubleCodes.SetupAbandoned"/>.</summary>
    [ConfigurationKeyName("setup-abandoned")]
    public TroubleOptions SetupAbandoned { get; } = new();

    /// <summary><see cref="TroubleCodes.SetupSlow"/>: after 3 s.</summary>
    [ConfigurationKeyName("setup-slow")]
    public TroubleAfterOptions SetupSlow { get; } = After(3);

    /// <summary><see cref="TroubleCodes.MediaLost"/>: after 2 s.</summary>
    [ConfigurationKeyName("media-lost")]
    public TroubleAfterOptions MediaLost { get; } = After(2);

    /// <summary><see cref="TroubleCodes.MediumStopped"/>: after 5 s.</summary>
    [ConfigurationKeyName("medium-stopped")]
    public TroubleAfterOptions MediumStopped { get; } = After(5);

    /// <summary><see cref="TroubleCodes.NeverReceived"/>: after 5 s.</summary>
    [ConfigurationKeyName("never-received")]
    public TroubleAfterOptions NeverReceived { get; } = After(5);

    /// <summary><see cref="TroubleCodes.NothingSent"/>: after 5 s.</summary>
    [ConfigurationKeyName("nothing-sent")]
    public TroubleAfterOptions NothingSent { get; } = After(5);

    /// <summary><see cref="TroubleCodes.IceLost"/>.</summary>
    [ConfigurationKeyName("ice-lost")]
    public TroubleOptions IceLost { get; } = new();

    /// <summary><see cref="TroubleCodes.HighLoss"/>: the share of packets lost; 0.05 and 0.02.</summary>
    [ConfigurationKeyName("high-loss")]
    public TroubleLimitOptions HighLoss { get; } = Limit(0.05, 0.02);

    /// <summary><see cref="TroubleCodes.HighRtt"/>: milliseconds; 400 and 300.</summary>
    [ConfigurationKeyName("high-rtt")]
    public TroubleLimitOptions HighRtt { get; } = Limit(400, 300);

    /// <summary><see cref="TroubleCodes.HighJitter"/>: milliseconds; 25 and 20.</summary>
    [ConfigurationKeyName("high-jitter")]
    public TroubleLimitOptions HighJitter { get; } = Limit(25, 20);

    /// <summary><see cref="TroubleCodes.SlowLink"/>.</summary>
    [ConfigurationKeyName("slow-link")]
    public TroubleOptions SlowLink { get; } = new();

    /// <summary><see cref="TroubleCodes.PathUnstable"/>.</summary>
    [ConfigurationKeyName("path-unstable")]
    public TroubleOptions PathUnstable { get; } = new();

    /// <summary><see cref="TroubleCodes.RejoinLoop"/>.</summary>
    [ConfigurationKeyName("rejoin-loop")]
    public TroubleOptions RejoinLoop { get; } = new();

    /// <summary><see cref="TroubleCodes.SipRegistrationFailed"/>.</summary>
    [ConfigurationKeyName("sip-registration-failed")]
    public TroubleOptions SipRegistrationFailed { get; } = new();

    /// <summary><see cref="TroubleCodes.SipCallFailed"/>.</summary>
    [ConfigurationKeyName("sip-call-failed")]
    public TroubleOptions SipCallFailed { get; } = new();

    /// <summary><see cref="TroubleCodes.RtspLost"/>.</summary>
    [ConfigurationKeyName("rtsp-lost")]
    public TroubleOptions RtspLost { get; } = new();

    private static TroubleAfterOptions After(int seconds) => new() { After = TimeSpan.FromSeconds(seconds) };

    private static TroubleLimitOptions Limit(double raise, double end) => new() { Raise = raise, End = end };
}
