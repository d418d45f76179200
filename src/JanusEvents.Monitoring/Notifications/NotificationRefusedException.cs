namespace JanusEvents.Monitoring.Notifications;

/// <summary>A receiver did not take a notification.</summary>
/// <param name="message">Why, without anything of the notification.</param>
internal sealed class NotificationRefusedException(string message) : Exception(message)
{
    /// <summary>How long the receiver wants to be spared; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the receiver wants no notification any more.</summary>
    public bool IsGone { get; init; }
}
