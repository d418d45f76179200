namespace JanusEvents;

/// <summary>The values of <see cref="ConnectionEvent.State"/>.</summary>
public static class ConnectionStates
{
    /// <summary>The PeerConnection is established.</summary>
    public const string WebRtcUp = "webrtcup";

    /// <summary>The PeerConnection ended. Janus sends nothing when the handle is detached or the session ends first.</summary>
    public const string Hangup = "hangup";
}
