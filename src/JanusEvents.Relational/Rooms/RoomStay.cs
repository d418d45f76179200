namespace JanusEvents;

/// <summary>A handle in a room: a row of the view <c>stays</c>.</summary>
public sealed record RoomStay : RoomInterval
{
    /// <summary>
    /// The room, the mountpoint of Streaming, the call-id of SIP, the <c>unique_id</c> of NoSIP or the recording of RecordPlay, as
    /// text, also where it is a number; null where the plugin does not name it.
    /// </summary>
    public string? Room { get; init; }

    /// <summary>The plugin's id of the participant; null for subscribers, viewers and callers, which have none.</summary>
    public string? Participant { get; init; }

    /// <summary>The name to be shown, as it was on joining; null where there is none.</summary>
    public string? Display { get; init; }
}
