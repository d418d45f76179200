namespace JanusEvents;

/// <summary>
/// A PeerConnection that ended: how long its set-up took, how it ended and why, how good it was. Times are by the server's clock;
/// null is what the events did not tell.
/// </summary>
public sealed record PeerConnectionRecord
{
    /// <summary>The server (<c>emitter</c>); null when it gave no name.</summary>
    public string? Emitter { get; init; }

    /// <summary>The session.</summary>
    public required long Session { get; init; }

    /// <summary>The handle.</summary>
    public required long Handle { get; init; }

    /// <summary>Its number among the PeerConnections of the handle, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The client's own id of the handle.</summary>
    public string? OpaqueId { get; init; }

    /// <summary>The plugin.</summary>
    public string? Plugin { get; init; }

    /// <summary>The room, mountpoint or call.</summary>
    public string? Room { get; init; }

    /// <summary>The participant, by the plugin's id.</summary>
    public string? Participant { get; init; }

    /// <summary>The name to be shown of the participant.</summary>
    public string? Display { get; init; }

    /// <summary>When the handle was attached.</summary>
    public DateTimeOffset? Attached { get; init; }

    /// <summary>When the first offer came or was made.</summary>
    public DateTimeOffset? Offered { get; init; }

    /// <summary>When it was answered.</summary>
    public DateTimeOffset? Answered { get; init; }

    /// <summary>When ICE began to connect.</summary>
    public DateTimeOffset? Connecting { get; init; }

    /// <summary>When ICE was connected.</summary>
    public DateTimeOffset? Connected { get; init; }

    /// <summary>When the DTLS handshake was done.</summary>
    public DateTimeOffset? DtlsConnected { get; init; }

    /// <summary>When it was up (<c>webrtcup</c>); null when it never was.</summary>
    public DateTimeOffset? Up { get; init; }

    /// <summary>When the first packets of audio or video arrived, or were first counted.</summary>
    public DateTimeOffset? FirstMedia { get; init; }

    /// <summary>When it ended; of a server that died, the time of its last event.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>
    /// How long its set-up took in milliseconds, from when the peers had said all that was needed (the later SDP, the first
    /// candidate) to <see cref="Up"/>. How long a person took to answer is not in it.
    /// </summary>
    public long? SetupMs { get; init; }

    /// <summary>How long it was up, in milliseconds.</summary>
    public long? DurationMs { get; init; }

    /// <summary>
    /// <c>completed</c>; <c>dropped</c> (was up, and was lost); <c>failed</c> (never up: ICE, DTLS, gathering); <c>abandoned</c>
    /// (never up, without a fault); <c>refused</c> (the plugin said so); <c>partial</c> (too little of it was seen).
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary><c>client</c>, <c>plugin</c>, <c>operator</c>, <c>server</c>, <c>network</c> or <c>unknown</c>.</summary>
    public required string EndedBy { get; init; }

    /// <summary>
    /// The event that ended it: <c>hangup</c>, <c>detached</c>, <c>destroyed</c>, <c>timeout</c>, <c>transport</c>, <c>shutdown</c>,
    /// <c>restart</c> or <c>forgotten</c>.
    /// </summary>
    public required string EndEvent { get; init; }

    /// <summary>Janus's reason in the hang-up (see <see cref="HangupReasons"/>); null without one.</summary>
    public string? Reason { get; init; }

    /// <summary>The kind of Janus's candidate of the path: <c>host</c>, <c>srflx</c>, <c>prflx</c>, <c>relay</c>.</summary>
    public string? LocalType { get; init; }

    /// <summary>The kind of the client's candidate of the path.</summary>
    public string? RemoteType { get; init; }

    /// <summary>The protocol of the path: <c>udp</c> or <c>tcp</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>Whether the path went through a relay.</summary>
    public bool? Relayed { get; init; }

    /// <summary>How often ICE was restarted.</summary>
    public int IceRestarts { get; init; }

    /// <summary>An estimate of its quality, 1.0 (bad) to 4.5 (good); null when nothing was measured.</summary>
    public double? Quality { get; init; }

    /// <summary>The estimate of its worst minute; of all of it where it was shorter.</summary>
    public double? QualityWorst { get; init; }

    /// <summary>The codes of the troubles that it had (<see cref="TroubleCodes"/>), each once.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];

    /// <summary>Its media.</summary>
    public IReadOnlyList<PeerConnectionMedium> Media { get; init; } = [];
}
