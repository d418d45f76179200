namespace JanusEvents;

/// <summary>The values of <see cref="DtlsEvent.State"/>.</summary>
public static class DtlsStates
{
    /// <summary>Defined by Janus, but not sent in practice.</summary>
    public const string Created = "created";

    /// <summary>The handshake runs. Repeated for each retransmission.</summary>
    public const string Trying = "trying";

    /// <summary>The handshake succeeded.</summary>
    public const string Connected = "connected";

    /// <summary>The handshake failed. A time-out or an alert does not give this state but a hang-up: see <see cref="HangupReasons"/>.</summary>
    public const string Failed = "failed";
}
