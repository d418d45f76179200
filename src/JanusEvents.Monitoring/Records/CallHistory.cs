using JanusEvents.Monitoring.State;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Records;

/// <summary>The history of a handle by its stored events: the same state machine, over the rows of the handle and its session.</summary>
internal static class CallHistory
{
    /// <summary>Reads it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="options">The limits of the troubles.</param>
    /// <param name="emitter">The server.</param>
    /// <param name="session">The session.</param>
    /// <param name="handle">The handle.</param>
    /// <param name="troubles">Gets the troubles that it had.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The handle with its last PeerConnection; null when the store has nothing of it.</returns>
    public static async Task<MonitoredHandle?> ReadAsync(
        IMonitoringStore store,
        TroublesOptions options,
        string? emitter,
        long session,
        long handle,
        ITroubleObserver? troubles,
        CancellationToken cancellationToken)
    {
        StateReplay replay = new(options, troubles is null ? null : [troubles]);
        await foreach (JanusEvent e in store.ReadEventsOfAsync(emitter, session, handle, cancellationToken).ConfigureAwait(false))
            replay.Add(e);
        return replay.Find(emitter, session, handle);
    }
}
