namespace JanusEvents;

/// <summary>The plugins that come with Janus, as <see cref="HandleEvent.Plugin"/> and <see cref="PluginEvent.Plugin"/> name them.</summary>
/// <remarks>Other plugins exist: scripts in Lua and Duktape choose their own names, and anybody can write a plugin.</remarks>
public static class JanusPlugins
{
    /// <summary>Video conferences: rooms with publishers and subscribers.</summary>
    public const string VideoRoom = "janus.plugin.videoroom";

    /// <summary>Audio conferences, mixed by Janus.</summary>
    public const string AudioBridge = "janus.plugin.audiobridge";

    /// <summary>Chat rooms over data channels.</summary>
    public const string TextRoom = "janus.plugin.textroom";

    /// <summary>Mountpoints: broadcasts that viewers watch.</summary>
    public const string Streaming = "janus.plugin.streaming";

    /// <summary>Calls to SIP servers.</summary>
    public const string Sip = "janus.plugin.sip";

    /// <summary>Calls to plain RTP peers; the application does the signalling. Janus 0.2.6 and later.</summary>
    public const string NoSip = "janus.plugin.nosip";

    /// <summary>Calls between two users.</summary>
    public const string VideoCall = "janus.plugin.videocall";

    /// <summary>Sends back to a user what the user sends.</summary>
    public const string EchoTest = "janus.plugin.echotest";

    /// <summary>Records media and plays recordings.</summary>
    public const string RecordPlay = "janus.plugin.recordplay";

    /// <summary>Records short audio messages. Removed in Janus 1.1.3.</summary>
    public const string VoiceMail = "janus.plugin.voicemail";
}
