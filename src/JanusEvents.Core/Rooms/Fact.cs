namespace JanusEvents.Rooms;

/// <summary>
/// A statement of an event about a room, mountpoint, call or recording and those in it. The server, the session, the handle and the
/// time are those of the event.
/// </summary>
/// <param name="What">The statement: one of <see cref="FactKind"/>.</param>
/// <param name="Event">Janus's own word for it.</param>
internal sealed record Fact(string What, string? Event)
{
    /// <summary>The plugin, if it is about one.</summary>
    public string? Plugin { get; init; }

    /// <summary>The room, the mountpoint, the call or the recording. A number and a text of the same digits are the same.</summary>
    public string? Room { get; init; }

    /// <summary>Who: the plugin's own id of a participant, or the name that a caller goes by.</summary>
    public string? Participant { get; init; }

    /// <summary>The other side: the publisher whose media a handle gets, or who is called or calls.</summary>
    public string? Peer { get; init; }

    /// <summary>The name to be shown of the participant, or of the other side where there is one.</summary>
    public string? Display { get; init; }

    /// <summary>The number by which the VideoRoom connects a participant's subscriptions with it; never 0.</summary>
    public long? PrivateId { get; init; }

    /// <summary>
    /// Whether it is about the handle that the event came from: who puts somebody out is another one.
    /// </summary>
    public bool OfHandle { get; init; } = true;
}
