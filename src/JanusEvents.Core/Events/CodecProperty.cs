namespace JanusEvents.Events;

/// <summary>The property that a statistics event has its codec in, which differs between releases of Janus.</summary>
internal enum CodecProperty : byte
{
    /// <summary><c>codec</c>: Janus 1.x.</summary>
    Codec,

    /// <summary><c>audio-codec</c>: Janus 0.12.4 to 0.16.</summary>
    AudioCodec,

    /// <summary><c>video-codec</c>: Janus 0.12.4 to 0.16.</summary>
    VideoCodec,
}
