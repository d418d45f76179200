namespace JanusEvents.Events;

/// <summary>
/// The properties around an event's body, in few bytes: an event exists for each medium and second of each call,
/// so optional numbers share one mask instead of being nullable each.
/// </summary>
internal record struct EventEnvelope
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;
    private static readonly long s_minMicroseconds = -DateTime.UnixEpoch.Ticks / TicksPerMicrosecond;
    private static readonly long s_maxMicroseconds = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TicksPerMicrosecond;

    private Fields _present;
    private int _subtype;
    private long _timestamp;
    private long _sessionId;
    private long _handleId;

    [Flags]
    private enum Fields : byte
    {
        Subtype = 1,
        Timestamp = 2,
        SessionId = 4,
        HandleId = 8,
        HasMore = 16,
        Copy = 32,
    }

    public JanusEventType Type { get; set; }

    public string? Emitter { get; set; }

    public string? OpaqueId { get; set; }

    public ReadOnlyMemory<byte> Json { get; set; }

    public int? Subtype
    {
        readonly get => Has(Fields.Subtype) ? _subtype : null;
        set => _subtype = Set(Fields.Subtype, value);
    }

    public long? TimestampMicroseconds
    {
        readonly get => Has(Fields.Timestamp) ? _timestamp : null;
        set => _timestamp = Set(Fields.Timestamp, value);
    }

    public long? SessionId
    {
        readonly get => Has(Fields.SessionId) ? _sessionId : null;
        set => _sessionId = Set(Fields.SessionId, value);
    }

    public long? HandleId
    {
        readonly get => Has(Fields.HandleId) ? _handleId : null;
        set => _handleId = Set(Fields.HandleId, value);
    }

    public DateTimeOffset? Timestamp
    {
        readonly get => Has(Fields.Timestamp) && _timestamp >= s_minMicroseconds && _timestamp <= s_maxMicroseconds
            ? new DateTimeOffset(DateTime.UnixEpoch.Ticks + (_timestamp * TicksPerMicrosecond), TimeSpan.Zero)
            : null;
        set => TimestampMicroseconds = value is { } time
            ? (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TicksPerMicrosecond
            : null;
    }

    /// <summary>Whether the JSON has something that no property of the model gives back.</summary>
    public bool HasMore
    {
        readonly get => Has(Fields.HasMore);
        set => _present = value ? _present | Fields.HasMore : _present & ~Fields.HasMore;
    }

    /// <summary>Whether the event is a copy, which may differ from its JSON.</summary>
    public bool IsCopy
    {
        readonly get => Has(Fields.Copy);
        set => _present = value ? _present | Fields.Copy : _present & ~Fields.Copy;
    }

    private readonly bool Has(Fields field) => (_present & field) != 0;

    private T Set<T>(Fields field, T? value)
        where T : struct
    {
        _present = value is null ? _present & ~field : _present | field;
        return value.GetValueOrDefault();
    }
}
