namespace JanusEvents.Rooms;

/// <summary>The statements of facts, in one vocabulary for all plugins; a fact also keeps Janus's own word.</summary>
internal static class FactKind
{
    /// <summary>A handle came into a room, a mountpoint, a call or a recording: as a participant, or to watch.</summary>
    public const string Joined = "joined";

    /// <summary>A participant or a handle left, or was put out.</summary>
    public const string Left = "left";

    /// <summary>A participant of a VideoRoom sends media.</summary>
    public const string Published = "published";

    /// <summary>A participant of a VideoRoom sends no media any more.</summary>
    public const string Unpublished = "unpublished";

    /// <summary>A handle gets the media of a publisher.</summary>
    public const string Subscribed = "subscribed";

    /// <summary>A handle gets the media of a publisher, or of all, no more.</summary>
    public const string Unsubscribed = "unsubscribed";

    /// <summary>A handle gets the media of those publishers only that the same event says it is subscribed to.</summary>
    public const string Updated = "updated";

    /// <summary>A call was answered.</summary>
    public const string Accepted = "accepted";

    /// <summary>A handle took a name to call and be called by.</summary>
    public const string Registered = "registered";

    /// <summary>A room was made.</summary>
    public const string Created = "created";

    /// <summary>Nobody is in a room any more: it was destroyed, or all were put out.</summary>
    public const string Emptied = "emptied";

    /// <summary>The PeerConnection of a handle ended.</summary>
    public const string HungUp = "hungup";

    /// <summary>A handle is no more.</summary>
    public const string Detached = "detached";

    /// <summary>A session is no more, and so are its handles.</summary>
    public const string Ended = "ended";

    /// <summary>A server started or was shut down: whatever was there before is no more.</summary>
    public const string Restarted = "restarted";

    /// <summary>Something else of a room.</summary>
    public const string Reported = "reported";
}
