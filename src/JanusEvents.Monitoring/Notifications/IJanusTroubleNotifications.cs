namespace JanusEvents;

/// <summary>Notifications about troubles, as a service of the host.</summary>
public interface IJanusTroubleNotifications
{
    /// <summary>Sends a test to every handler at once, whatever its least severity, without retries.</summary>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <returns>One result for each handler.</returns>
    /// <exception cref="InvalidOperationException">The host has not started.</exception>
    Task<IReadOnlyList<TroubleTestResult>> SendTestAsync(CancellationToken cancellationToken);
}
