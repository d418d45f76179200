namespace JanusEvents.Observation;

/// <summary>The bodies on disk that the sinks do not have yet: the spool, where there is one.</summary>
internal interface IBacklog
{
    /// <summary>Reads how far the sinks are behind.</summary>
    BacklogFigures Read();
}
