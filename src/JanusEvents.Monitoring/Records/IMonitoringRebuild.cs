namespace JanusEvents;

/// <summary>Makes call records and troubles again from the stored events.</summary>
public interface IMonitoringRebuild
{
    /// <summary>
    /// Reads all stored events, and stores the records and troubles that are missing. What is there stays as it is. What only a
    /// running host can find, such as a server that falls silent, is not found.
    /// </summary>
    /// <param name="progress">Gets what was done so far, from time to time.</param>
    /// <param name="cancellationToken">Ends it; what was stored stays.</param>
    /// <returns>What was done.</returns>
    Task<MonitoringRebuildResult> RebuildAsync(IProgress<MonitoringRebuildResult>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>The result of a rebuild.</summary>
/// <param name="Events">Events that were read.</param>
/// <param name="Records">Call records that were found; those that were stored before included.</param>
/// <param name="Troubles">Troubles that were found; those that were stored before included.</param>
public sealed record MonitoringRebuildResult(long Events, long Records, long Troubles);
