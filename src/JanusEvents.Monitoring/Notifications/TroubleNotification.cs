namespace JanusEvents;

/// <summary>A message about a trouble, or about many of them, for a handler.</summary>
public sealed record TroubleNotification
{
    /// <summary>
    /// Its id: letters, digits, <c>-</c> and <c>_</c>. A retry has the same id, so that a receiver can recognise a duplicate.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The kind of notification.</summary>
    public required TroubleNotificationType Type { get; init; }

    /// <summary>When that happened, by the clock of the Janus server; by the host's clock for a change, a digest and a test.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The number of the message among those about the same trouble to the same handler, from 1.</summary>
    public int Sequence { get; init; } = 1;

    /// <summary>The trouble as it is now; null in a digest and a test.</summary>
    public Trouble? Trouble { get; init; }

    /// <summary>The counts of a digest; null in every other notification.</summary>
    public TroubleDigest? Digest { get; init; }

    /// <summary>A few words, such as <c>Media lost</c>.</summary>
    public required string Title { get; init; }

    /// <summary>One line, such as <c>Carol in room 1234 is not heard or seen any more</c>; it may contain names that clients chose.</summary>
    public required string Summary { get; init; }

    /// <summary>One sentence: what the events of Janus show; empty in a digest and a test.</summary>
    public string Meaning { get; init; } = "";

    /// <summary>Likely causes, the most likely first; empty in a digest and a test.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    /// <summary>The advice; empty in a digest and a test.</summary>
    public IReadOnlyList<string> Advice { get; init; } = [];

    /// <summary>The address of a page about it; null unless <see cref="NotificationOptions.PublicUrl"/> is set.</summary>
    public string? Link { get; init; }

    /// <summary>The severity that the trouble had in the previous message, where it was another one.</summary>
    internal TroubleSeverity? PreviousSeverity { get; init; }
}
