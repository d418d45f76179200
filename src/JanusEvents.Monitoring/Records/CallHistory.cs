using JanusEvents.Monitoring.State;

namespace JanusEvents.Monitoring.Records;

/// <summary>What the stored events say of a handle: the same state machine, over the rows of the handle and its session.</summary>
internal static class CallHistory
{
    /// <summary>Reads it.</summary>
    /// <returns>The handle with its last PeerConnection; null when the store has nothing of it.</returns>
    public static async Task<MonitoredHandle?> ReadAsync(
        IMonitoringStore store, string? emitter, long session, long handle, CancellationToken cancellationToken)
    {
        StateReplay replay = new();
        await foreach (JanusEvent e in store.ReadEventsOfAsync(emitter, session, handle, cancellationToken).ConfigureAwait(false))
            replay.Add(e);
        return replay.Find(emitter, session, handle);
    }
}
