namespace JanusEvents;

/// <summary>A participant of a VideoRoom who sends media: a row of the view <c>publishers</c>. It ends with <c>unpublished</c> too.</summary>
public sealed record RoomPublisher : RoomInterval
{
    /// <summary>The room, as text, also where it is a number.</summary>
    public string? Room { get; init; }

    /// <summary>The plugin's id of the participant.</summary>
    public string? Participant { get; init; }

    /// <summary>The name to be shown, from <c>published</c> or else from the participant's <c>joined</c>; null where there is none.</summary>
    public string? Display { get; init; }
}
