namespace JanusEvents.Observation;

/// <summary>A part of the library that adds lines to the status page.</summary>
internal interface IStatusSource
{
    /// <summary>Writes how it is doing.</summary>
    /// <param name="line">Writes a line.</param>
    void Write(Action<string> line);

    /// <summary>Writes what a Janus needs in its configuration to send to it; nothing where it gets no events from Janus itself.</summary>
    /// <param name="line">Writes a line.</param>
    void WriteLinesForJanus(Action<string> line)
    {
    }
}
