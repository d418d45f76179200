namespace JanusEvents;

/// <summary>The state at a moment: servers, calls, rooms, troubles. Immutable.</summary>
public sealed record MonitorSnapshot
{
    /// <summary>When it was taken, by the host's clock.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Counts up with each snapshot, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The servers, by name.</summary>
    public required IReadOnlyList<ServerState> Servers { get; init; }

    /// <summary>The PeerConnections that have not ended, those with troubles first; at most 10,000. Empty when nobody asked for <see cref="MonitorParts.Calls"/>.</summary>
    public required IReadOnlyList<CallState> Calls { get; init; }

    /// <summary>The rooms, mountpoints and calls with somebody in them. Empty when nobody asked for <see cref="MonitorParts.Rooms"/>.</summary>
    public required IReadOnlyList<RoomState> Rooms { get; init; }

    /// <summary>The troubles that are open, the worst first.</summary>
    public required IReadOnlyList<Trouble> Troubles { get; init; }

    /// <summary>The last troubles that ended, the latest first; at most 100.</summary>
    public required IReadOnlyList<Trouble> RecentTroubles { get; init; }

    /// <summary>The latest changes: participants who joined, PeerConnections that came up or ended, servers that started; the latest first, at most 20.</summary>
    public IReadOnlyList<MonitorNews> News { get; init; } = [];

    /// <summary>Since when no trouble is open, by the host's clock; null while there is one.</summary>
    public DateTimeOffset? QuietSince { get; init; }

    /// <summary>The sum over all servers.</summary>
    public required MonitorTotals Totals { get; init; }
}

/// <summary>The parts of a snapshot that grow with the number of calls.</summary>
[Flags]
public enum MonitorParts
{
    /// <summary>Neither calls nor rooms: servers, troubles, news and totals, which every snapshot has.</summary>
    None = 0,

    /// <summary><see cref="MonitorSnapshot.Calls"/>.</summary>
    Calls = 1,

    /// <summary><see cref="MonitorSnapshot.Rooms"/>.</summary>
    Rooms = 2,

    /// <summary>Everything.</summary>
    All = Calls | Rooms,
}

/// <summary>Something that happened a moment ago.</summary>
/// <param name="At">When, by the server's clock.</param>
/// <param name="Kind">What.</param>
/// <param name="Emitter">The server.</param>
public sealed record MonitorNews(DateTimeOffset At, MonitorNewsKind Kind, string? Emitter)
{
    /// <summary>The PeerConnection that it is of; null where it is of none.</summary>
    public CallKey? Call { get; init; }

    /// <summary>The plugin.</summary>
    public string? Plugin { get; init; }

    /// <summary>The room, mountpoint or call.</summary>
    public string? Room { get; init; }

    /// <summary>The name to be shown of the participant, or the participant's id.</summary>
    public string? Display { get; init; }

    /// <summary>How a PeerConnection ended: see <see cref="PeerConnectionRecord.Outcome"/>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Janus's reason for its end.</summary>
    public string? Reason { get; init; }
}

/// <summary>A kind of change.</summary>
public enum MonitorNewsKind
{
    /// <summary>A participant joined a room.</summary>
    Joined,

    /// <summary>A PeerConnection came up.</summary>
    Up,

    /// <summary>A PeerConnection ended.</summary>
    Ended,

    /// <summary>A server started.</summary>
    Started,

    /// <summary>A server was stopped.</summary>
    Stopped,
}

/// <summary>Totals over all servers.</summary>
/// <param name="Servers">Servers that were heard of.</param>
/// <param name="Sessions">Open sessions.</param>
/// <param name="Handles">Attached handles.</param>
/// <param name="PeerConnections">PeerConnections that are up.</param>
/// <param name="Rooms">Rooms with somebody in them.</param>
/// <param name="Troubles">Open troubles.</param>
public sealed record MonitorTotals(int Servers, int Sessions, int Handles, int PeerConnections, int Rooms, int Troubles);

/// <summary>The state of a server.</summary>
public sealed record ServerState
{
    /// <summary>Its name; null when it gives none.</summary>
    public string? Emitter { get; init; }

    /// <summary>Open sessions.</summary>
    public int Sessions { get; init; }

    /// <summary>Attached handles.</summary>
    public int Handles { get; init; }

    /// <summary>PeerConnections that are up.</summary>
    public int PeerConnections { get; init; }

    /// <summary>Rooms with somebody in them.</summary>
    public int Rooms { get; init; }

    /// <summary>The time of its newest event, by its clock; null when its events have none.</summary>
    public DateTimeOffset? NewestEvent { get; init; }

    /// <summary>When a body came last, by the host's clock.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>How late its last body was.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>Whether it must be heard again within seconds.</summary>
    public bool Speaks { get; init; }

    /// <summary>PeerConnections that have not ended, those that are being set up included.</summary>
    public int Calls { get; init; }

    /// <summary>Events a second that this host received from it since the snapshot before.</summary>
    public double EventsPerSecond { get; init; }

    /// <summary>The types of events that this host has followed of it.</summary>
    public IReadOnlyList<JanusEventType> Types { get; init; } = [];

    /// <summary>Its set-ups that succeeded or failed in the last hour.</summary>
    public SetupFigures Setups { get; init; } = new(0, 0, null, null);

    /// <summary>The outcomes of the PeerConnections of the last hour, the most frequent first.</summary>
    public IReadOnlyList<OutcomeCount> Outcomes { get; init; } = [];

    /// <summary>The share of packets lost to Janus over the last ten seconds, 0 to 1.</summary>
    public double LossIn { get; init; }

    /// <summary>The share of packets lost to the peers over the last ten seconds, 0 to 1.</summary>
    public double LossOut { get; init; }

    /// <summary>The mean round-trip time of its PeerConnections in milliseconds; null when none is known.</summary>
    public int? RttMs { get; init; }

    /// <summary>The last ten minutes, one moment for every ten seconds, the latest last.</summary>
    public IReadOnlyList<ServerMoment> History { get; init; } = [];

    /// <summary>When it started last, as far as this host saw it, by its clock.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Its own description when it started (<see cref="CoreEvent.Info"/>), as far as this host saw it.</summary>
    public RawJson Description { get; init; }

    /// <summary>The counters that it sent last (<c>update</c>).</summary>
    public RawJson Counters { get; init; }
}

/// <summary>How the set-ups of a server went.</summary>
/// <param name="Succeeded">How many PeerConnections came up.</param>
/// <param name="Failed">How many failed to.</param>
/// <param name="P50Ms">The median of the times that set-ups took, in milliseconds; null when there was none.</param>
/// <param name="P95Ms">The time that 95 of 100 set-ups did not exceed.</param>
public sealed record SetupFigures(int Succeeded, int Failed, long? P50Ms, long? P95Ms);

/// <summary>How many PeerConnections ended in a way.</summary>
/// <param name="Outcome">See <see cref="PeerConnectionRecord.Outcome"/>.</param>
/// <param name="Reason">Janus's reason; null without one.</param>
/// <param name="Count">How many.</param>
public sealed record OutcomeCount(string Outcome, string? Reason, int Count);

/// <summary>How a server was at a moment.</summary>
/// <param name="At">When, by the host's clock.</param>
/// <param name="Calls">PeerConnections that had not ended.</param>
/// <param name="Loss">The greater share of packets lost, to Janus or to the peers, 0 to 1; null when nothing was sent or received.</param>
/// <param name="RttMs">The mean round-trip time in milliseconds; null when none was known.</param>
public sealed record ServerMoment(DateTimeOffset At, int Calls, double? Loss, int? RttMs);

/// <summary>A PeerConnection that has not ended.</summary>
public sealed record CallState
{
    /// <summary>Which it is.</summary>
    public required CallKey Key { get; init; }

    /// <summary>The client's own id of the handle.</summary>
    public string? OpaqueId { get; init; }

    /// <summary>The plugin.</summary>
    public string? Plugin { get; init; }

    /// <summary>The room, mountpoint or call.</summary>
    public string? Room { get; init; }

    /// <summary>The participant, by the plugin's id.</summary>
    public string? Participant { get; init; }

    /// <summary>The name to be shown of the participant.</summary>
    public string? Display { get; init; }

    /// <summary>The first event of it, by the server's clock.</summary>
    public DateTimeOffset Began { get; init; }

    /// <summary>When it was up; null before that.</summary>
    public DateTimeOffset? Up { get; init; }

    /// <summary>How long the set-up took in milliseconds; null while it lasts.</summary>
    public long? SetupMs { get; init; }

    /// <summary>How far it is: <c>offered</c>, <c>answered</c>, <c>connecting</c>, <c>ice-failed</c>, <c>dtls</c>, <c>up</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>The last known round-trip time in milliseconds; 0 when unknown.</summary>
    public int RttMs { get; init; }

    /// <summary>The media.</summary>
    public IReadOnlyList<MediumState> Media { get; init; } = [];

    /// <summary>When its last statistics were made, by the server's clock; null before the first.</summary>
    public DateTimeOffset? MeasuredAt { get; init; }

    /// <summary>The codes of its open troubles.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];

    /// <summary>The greatest severity of its open troubles; null without one.</summary>
    public TroubleSeverity? Severity { get; init; }
}

/// <summary>All that is known of a PeerConnection that has not ended.</summary>
/// <param name="State">How it is now.</param>
/// <param name="Record">
/// The record that it would leave if it ended now: times of its set-up, path, counts, estimate of quality, and all troubles that
/// it had. The end, the outcome, and what ended it mean nothing.
/// </param>
public sealed record CallDetail(CallState State, PeerConnectionRecord Record);

/// <summary>The key of a PeerConnection.</summary>
/// <param name="Emitter">The server.</param>
/// <param name="Session">The session.</param>
/// <param name="Handle">The handle.</param>
/// <param name="Number">The number among those of the handle, from 1.</param>
public readonly record struct CallKey(string? Emitter, long Session, long Handle, int Number);

/// <summary>A medium of a PeerConnection.</summary>
public sealed record MediumState
{
    /// <summary>The id of its m-line (<c>mid</c>).</summary>
    public string? Mid { get; init; }

    /// <summary>Its kind: <c>audio</c>, <c>video</c>, <c>data</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether packets arrive at Janus.</summary>
    public bool IsReceiving { get; init; }

    /// <summary>Whether Janus sent packets in the last period.</summary>
    public bool IsSending { get; init; }

    /// <summary>The share of packets lost to Janus over the last ten seconds, 0 to 1.</summary>
    public double LossIn { get; init; }

    /// <summary>The share of packets lost to the peer over the last ten seconds, 0 to 1.</summary>
    public double LossOut { get; init; }

    /// <summary>Bytes received so far.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes sent so far.</summary>
    public long BytesOut { get; init; }
}

/// <summary>A room, mountpoint or call.</summary>
public sealed record RoomState
{
    /// <summary>The server.</summary>
    public string? Emitter { get; init; }

    /// <summary>The plugin.</summary>
    public required string Plugin { get; init; }

    /// <summary>Its id.</summary>
    public required string Room { get; init; }

    /// <summary>The participants in it.</summary>
    public required IReadOnlyList<ParticipantState> Participants { get; init; }

    /// <summary>The subscriptions to publishers, where the plugin reports them: VideoRoom.</summary>
    public IReadOnlyList<SubscriptionState> Subscriptions { get; init; } = [];
}

/// <summary>A handle that receives the media of publishers.</summary>
/// <param name="Participant">The participant that it belongs to, by the plugin's id; null where that is not known.</param>
/// <param name="Session">Its session.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="OpaqueId">The client's own id of it.</param>
/// <param name="Feeds">The publishers, by the plugin's ids.</param>
/// <param name="IsPaused">Whether its user paused what it gets.</param>
public sealed record SubscriptionState(string? Participant, long Session, long Handle, string? OpaqueId, IReadOnlyList<string> Feeds, bool IsPaused);

/// <summary>A participant of a room.</summary>
/// <param name="Participant">The plugin's id.</param>
/// <param name="Display">The name to be shown.</param>
/// <param name="Joined">Since when, by the server's clock.</param>
/// <param name="IsPublishing">Whether it publishes.</param>
/// <param name="Session">Its session, where that is known.</param>
/// <param name="Handle">Its handle, where that is known.</param>
public sealed record ParticipantState(string Participant, string? Display, DateTimeOffset Joined, bool IsPublishing, long? Session, long? Handle);
