namespace JanusEvents;

/// <summary>The codes of the troubles that are detected; <c>docs/monitoring.md</c> says what each means and what to do.</summary>
public static class TroubleCodes
{
    /// <summary>A server started anew without having been stopped: its calls are lost. Critical.</summary>
    public const string ServerRestarted = "server-restarted";

    /// <summary>Nothing comes from a server that must be heard within seconds. Critical.</summary>
    public const string ServerSilent = "server-silent";

    /// <summary>A server was stopped while PeerConnections were up. Warning.</summary>
    public const string ServerStopped = "server-stopped";

    /// <summary>The events of a server arrive more than five seconds late. Warning.</summary>
    public const string EventsLate = "events-late";

    /// <summary>The clock of a server differs from the host's. Warning.</summary>
    public const string ClockSkew = "clock-skew";

    /// <summary>Two servers send events under the same name. Warning.</summary>
    public const string ServerNameShared = "server-name-shared";

    /// <summary>Many set-ups of a server fail. Critical.</summary>
    public const string ManySetupsFailing = "many-setups-failing";

    /// <summary>A session timed out while a PeerConnection of it was up. Error.</summary>
    public const string SessionLost = "session-lost";

    /// <summary>A session timed out after its last PeerConnection had ended. Info.</summary>
    public const string SessionForgotten = "session-forgotten";

    /// <summary>The WebSocket of a session closed while a PeerConnection was up. Info; warning when it happens to many at once.</summary>
    public const string TransportLost = "transport-lost";

    /// <summary>An offer has had no answer for a minute. Info.</summary>
    public const string NoAnswer = "no-answer";

    /// <summary>Offer and answer are there, but no candidate of the peer. Warning.</summary>
    public const string NoRemoteCandidates = "no-remote-candidates";

    /// <summary>ICE has been connecting for more than five seconds. Warning.</summary>
    public const string IceSlow = "ice-slow";

    /// <summary>ICE failed before the PeerConnection was up. Error.</summary>
    public const string IceFailed = "ice-failed";

    /// <summary>The DTLS handshake gets no answer. Warning.</summary>
    public const string DtlsStalled = "dtls-stalled";

    /// <summary>The DTLS handshake failed. Error.</summary>
    public const string DtlsFailed = "dtls-failed";

    /// <summary>Janus could not gather candidates. Error.</summary>
    public const string SetupFailed = "setup-failed";

    /// <summary>A PeerConnection ended before it was up, without a fault. Info.</summary>
    public const string SetupAbandoned = "setup-abandoned";

    /// <summary>A set-up took more than three seconds. Warning.</summary>
    public const string SetupSlow = "setup-slow";

    /// <summary>Nothing arrives any more of a PeerConnection that was up. Error.</summary>
    public const string MediaLost = "media-lost";

    /// <summary>One of several media does not arrive any more. Warning.</summary>
    public const string MediumStopped = "medium-stopped";

    /// <summary>A medium that the peer is to send has never arrived. Error; warning when it is one of several.</summary>
    public const string NeverReceived = "never-received";

    /// <summary>Janus sends nothing to a peer that is to receive. Warning.</summary>
    public const string NothingSent = "nothing-sent";

    /// <summary>ICE failed after the PeerConnection was up. Error.</summary>
    public const string IceLost = "ice-lost";

    /// <summary>Many packets are lost. Warning; error from 15 %.</summary>
    public const string HighLoss = "high-loss";

    /// <summary>The round-trip time is high. Warning.</summary>
    public const string HighRtt = "high-rtt";

    /// <summary>The jitter of audio is high. Warning.</summary>
    public const string HighJitter = "high-jitter";

    /// <summary>Janus reports slow links, and there are no statistics. Warning.</summary>
    public const string SlowLink = "slow-link";

    /// <summary>The path of the media changes again and again. Warning.</summary>
    public const string PathUnstable = "path-unstable";

    /// <summary>The same participant joins again and again. Warning.</summary>
    public const string RejoinLoop = "rejoin-loop";

    /// <summary>A SIP registration failed. Error.</summary>
    public const string SipRegistrationFailed = "sip-registration-failed";

    /// <summary>A SIP call failed with a code that means a fault. Warning.</summary>
    public const string SipCallFailed = "sip-call-failed";

    /// <summary>A mountpoint lost its RTSP source. Warning.</summary>
    public const string RtspLost = "rtsp-lost";
}
