namespace JanusEvents;

/// <summary>The subject of a trouble. A null part does not belong to it.</summary>
public sealed record TroubleSubject
{
    /// <summary>The server (<c>emitter</c>); null when it gave no name.</summary>
    public string? Emitter { get; init; }

    /// <summary>The session.</summary>
    public long? Session { get; init; }

    /// <summary>The handle.</summary>
    public long? Handle { get; init; }

    /// <summary>The number of the PeerConnection among those of the handle, from 1.</summary>
    public int? Number { get; init; }

    /// <summary>The kind of medium: <c>audio</c> or <c>video</c>.</summary>
    public string? Medium { get; init; }

    /// <summary>The id of the medium's m-line (<c>mid</c>).</summary>
    public string? Mid { get; init; }

    /// <summary>The plugin of the handle.</summary>
    public string? Plugin { get; init; }

    /// <summary>The client's own id of the handle.</summary>
    public string? OpaqueId { get; init; }

    /// <summary>The room, mountpoint or call.</summary>
    public string? Room { get; init; }

    /// <summary>The participant, by the plugin's id.</summary>
    public string? Participant { get; init; }

    /// <summary>The name to be shown of the participant.</summary>
    public string? Display { get; init; }
}
