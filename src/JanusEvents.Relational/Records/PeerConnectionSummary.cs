namespace JanusEvents;

/// <summary>The totals of a group of PeerConnections.</summary>
public sealed record PeerConnectionSummary
{
    /// <summary>
    /// The server, plugin, room or outcome of the group; null of those that have none, and where they are not grouped by one of
    /// these.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>The beginning of the hour in which they ended, in UTC; null where they are not grouped by the hour.</summary>
    public DateTimeOffset? Hour { get; init; }

    /// <summary>How many there are.</summary>
    public long Count { get; init; }

    /// <summary>How many of them came up (<see cref="PeerConnectionRecord.Up"/>).</summary>
    public long CameUp { get; init; }

    /// <summary>How many of them have the outcome <c>failed</c>.</summary>
    public long Failed { get; init; }

    /// <summary>
    /// The share of those that came up among those that came up or failed, 0 to 1; null where there are none of either. Set-ups
    /// that were abandoned or refused say nothing of whether a connection was possible, and do not count.
    /// </summary>
    public double? SuccessRatio => CameUp + Failed == 0 ? null : (double)CameUp / (CameUp + Failed);

    /// <summary>
    /// The median of <see cref="PeerConnectionRecord.SetupMs"/>, in milliseconds: the lowest time that at least half of those that
    /// have one did not exceed; null where none has one.
    /// </summary>
    public long? SetupP50Ms { get; init; }

    /// <summary>The same for 95 of 100.</summary>
    public long? SetupP95Ms { get; init; }
}
