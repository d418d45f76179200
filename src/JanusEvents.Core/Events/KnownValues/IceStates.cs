namespace JanusEvents;

/// <summary>The values of <see cref="IceStateEvent.State"/>, those of libnice.</summary>
/// <remarks>An ICE state that Janus does not know is absent.</remarks>
public static class IceStates
{
    /// <summary>Not started.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>Gathers local candidates.</summary>
    public const string Gathering = "gathering";

    /// <summary>Checks pairs of candidates.</summary>
    public const string Connecting = "connecting";

    /// <summary>At least one pair works.</summary>
    public const string Connected = "connected";

    /// <summary>A pair was selected; media can flow.</summary>
    public const string Ready = "ready";

    /// <summary>No pair works.</summary>
    public const string Failed = "failed";
}
