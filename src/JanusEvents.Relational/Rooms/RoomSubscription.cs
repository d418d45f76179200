namespace JanusEvents;

/// <summary>
/// A handle that receives the media of a publisher of a VideoRoom: a row of the view <c>subscriptions</c>. It ends with the
/// publisher's <c>unpublished</c> and with an <c>updated</c> without the publisher too.
/// </summary>
public sealed record RoomSubscription : RoomInterval
{
    /// <summary>The room, as text, also where it is a number.</summary>
    public string? Room { get; init; }

    /// <summary>The participant who subscribes, found by the <c>private_id</c>; null where it is not sent.</summary>
    public string? Participant { get; init; }

    /// <summary>The name to be shown of the participant who subscribes; null where it is unknown.</summary>
    public string? Display { get; init; }

    /// <summary>The participant id of the publisher.</summary>
    public string? Publisher { get; init; }

    /// <summary>The name to be shown of the publisher; null where it is not sent.</summary>
    public string? PublisherDisplay { get; init; }
}
