namespace JanusEvents.Monitoring.Notifications;

/// <summary>When a notification that failed is tried again: five times, the last time after some 43 minutes.</summary>
internal static class RetrySchedule
{
    private const double Spread = 0.2;

    private static readonly TimeSpan[] s_delays =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)];

    /// <summary>How often a notification is tried.</summary>
    public static int MaxAttempts => s_delays.Length + 1;

    /// <summary>The wait after a failure, between 80 and 120 % of its step; null when there is no further attempt.</summary>
    /// <param name="failures">How often it failed, at least 1.</param>
    /// <param name="random">Spreads the waits of many hosts.</param>
    public static TimeSpan? After(int failures, Random random) => failures > s_delays.Length
        ? null
        : s_delays[failures - 1] * (1 - Spread + (2 * Spread * random.NextDouble()));
}
