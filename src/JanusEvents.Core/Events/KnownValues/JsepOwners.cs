namespace JanusEvents;

/// <summary>The values of <see cref="JsepEvent.Owner"/>.</summary>
public static class JsepOwners
{
    /// <summary>Janus sent the SDP.</summary>
    public const string Local = "local";

    /// <summary>Janus received the SDP.</summary>
    public const string Remote = "remote";
}
