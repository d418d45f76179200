namespace JanusEvents.Observation;

/// <summary>What was taken and lies on disk until the sinks have it: the spool, where there is one.</summary>
internal interface IBacklog
{
    /// <summary>Reads how far the sinks are behind.</summary>
    BacklogFigures Read();
}
