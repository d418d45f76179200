namespace JanusEvents;

/// <summary>The values of <see cref="ConnectionEvent.Reason"/>. Janus 0.4.0 and later.</summary>
public static class HangupReasons
{
    /// <summary>The peer closed the PeerConnection: the normal end.</summary>
    public const string DtlsAlert = "DTLS alert";

    /// <summary>The DTLS handshake timed out.</summary>
    public const string DtlsTimeout = "DTLS timeout";

    /// <summary>The DTLS handshake failed. Janus 0.12.2, 1.0.2 and later.</summary>
    public const string DtlsError = "DTLS error";

    /// <summary>The DTLS-SRTP stack could not be created.</summary>
    public const string DtlsSrtpError = "DTLS-SRTP stack error";

    /// <summary>ICE found no working pair of candidates, or lost it.</summary>
    public const string IceFailed = "ICE failed";

    /// <summary>Local candidates could not be gathered. Janus 0.9.3 and later.</summary>
    public const string IceGatheringError = "ICE gathering error";

    /// <summary>Local candidates could not be gathered.</summary>
    public const string GatheringError = "Gathering error";

    /// <summary>A client asked for it (<c>hangup</c>).</summary>
    public const string JanusApi = "Janus API";

    /// <summary>An administrator asked for it. Janus 0.7.2 and later.</summary>
    public const string AdminApi = "Admin API";

    /// <summary>The plugin asked for it.</summary>
    public const string ClosePc = "Close PC";

    /// <summary>The handle was detached. Rare.</summary>
    public const string Detach = "Detach";
}
