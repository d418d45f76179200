namespace JanusEvents.Monitoring.Notifications;

/// <summary>A handler whose receiver forgets what it is not told again.</summary>
internal interface IRepeatingHandler : IJanusTroubleHandler
{
    /// <summary>The time between two repetitions.</summary>
    TimeSpan Interval { get; }

    /// <summary>Sends again what the receiver is to believe.</summary>
    /// <param name="current">The last message about each trouble that is open, or that ended in the last minutes.</param>
    /// <param name="cancellationToken">Cancelled when the host's time to stop is over.</param>
    ValueTask RepeatAsync(IReadOnlyList<TroubleNotification> current, CancellationToken cancellationToken);
}
