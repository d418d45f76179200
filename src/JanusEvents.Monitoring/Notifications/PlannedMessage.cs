namespace JanusEvents.Monitoring.Notifications;

/// <summary>
/// The message for one handler about one trouble (or a digest): the trouble as it is, and as the handler believes it to be. The
/// next message is the difference between the two, made when it is due, so that what happened meanwhile needs no message of its own.
/// </summary>
internal sealed class PlannedMessage(long order)
{
    /// <summary>Places messages that are due at the same time in the order of their troubles.</summary>
    public long Order { get; } = order;

    /// <summary>The trouble as it is; null of a digest.</summary>
    public Trouble? Trouble { get; set; }

    /// <summary>The message that is being sent, so that a retry has the same id.</summary>
    public TroubleNotification? Message { get; set; }

    /// <summary>When to look at it; null where there is nothing to send.</summary>
    public TimeSpan? Due { get; set; }

    /// <summary>Since when there is something to send.</summary>
    public TimeSpan DueSince { get; set; }

    /// <summary>How many messages about it were made.</summary>
    public int Sequence { get; set; }

    /// <summary>How often the message in progress failed.</summary>
    public int Failures { get; set; }

    /// <summary>Whether it counts as a begin that waits.</summary>
    public bool IsWaitingBegin { get; set; }

    /// <summary>The last message that the handler took; null where it took none.</summary>
    public TroubleNotification? Taken { get; set; }

    /// <summary>When the handler took the end of it.</summary>
    public TimeSpan TakenEndAt { get; set; }

    /// <summary>Whether the handler believes that the trouble is open.</summary>
    public bool IsOpenToHandler => Taken is { Type: not TroubleNotificationType.Ended };

    /// <summary>Whether the trouble has ended.</summary>
    public bool IsOver => Trouble?.Ended is not null;

    /// <summary>The notification due to the handler; null when it knows everything.</summary>
    public TroubleNotificationType? Next()
    {
        if (Trouble is not { } trouble)
            return TroubleNotificationType.Digest;
        if (IsOver)
            return IsOpenToHandler || Taken is null || trouble.Count > Taken.Trouble!.Count ? TroubleNotificationType.Ended : null;
        if (Taken is null)
            return TroubleNotificationType.Began;
        return !IsOpenToHandler || trouble.Count > Taken.Trouble!.Count || trouble.Severity != Taken.Trouble.Severity
            ? TroubleNotificationType.Changed
            : null;
    }
}
