namespace JanusEvents;

/// <summary>The values of <see cref="SlowLinkEvent.SlowLink"/>.</summary>
public static class SlowLinkDirections
{
    /// <summary>The peer reports losing packets that Janus sends.</summary>
    public const string Uplink = "uplink";

    /// <summary>Janus misses packets that the peer sends.</summary>
    public const string Downlink = "downlink";
}
