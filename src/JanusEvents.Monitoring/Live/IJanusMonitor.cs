namespace JanusEvents;

/// <summary>The state and the troubles of the Janus servers, as far as this host received their events. Never waits for a store.</summary>
public interface IJanusMonitor
{
    /// <summary>The state as it was at most a second ago. It is made when somebody asks, and shared by all who do.</summary>
    /// <param name="parts">What is asked for besides servers, troubles, news and totals. Each call costs; ask for what you show.</param>
    MonitorSnapshot Read(MonitorParts parts = MonitorParts.All);

    /// <summary>A PeerConnection that has not ended, as it is now; null when it is not known.</summary>
    /// <param name="key">Which; with the number 0 the last one of the handle.</param>
    CallDetail? FindCall(CallKey key);

    /// <summary>
    /// Snapshots as they change, at most one a second, and at once when a trouble of severity error or above begins. Who does not
    /// keep up gets the newest one.
    /// </summary>
    /// <param name="parts">What is asked for besides servers, troubles, news and totals.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<MonitorSnapshot> WatchAsync(MonitorParts parts = MonitorParts.All, CancellationToken cancellationToken = default);

    /// <summary>A PeerConnection as it changes, at most once a second, until it ends.</summary>
    /// <param name="key">Which.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<CallDetail> WatchCallAsync(CallKey key, CancellationToken cancellationToken = default);
}
