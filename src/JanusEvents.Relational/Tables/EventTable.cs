namespace JanusEvents.Relational.Tables;

/// <summary>A table that events of one kind are stored in, a row each (a combined statistics event has several).</summary>
internal sealed class EventTable : TableDefinition
{
    private readonly bool _hasSession;
    private readonly bool _hasHandle;
    private readonly bool _hasOpaqueId;
    private readonly bool _hasSubtype;

    public EventTable(
        string name,
        JanusEventType type,
        IReadOnlyList<EventColumn> columns,
        params IReadOnlyList<string>[] indexes)
        : base(name, [s_id, .. columns, s_extra], indexes)
    {
        Type = type;
        EventColumns = columns;
        Paths = PathNode.Of(columns);
        Body = Paths.Children.FirstOrDefault(c => c.Name == "event");
        _hasSession = columns.Any(c => c.Path == "session_id");
        _hasHandle = columns.Any(c => c.Path == "handle_id");
        _hasOpaqueId = columns.Any(c => c.Path == "opaque_id");
        _hasSubtype = columns.Any(c => c.Path == "subtype");
    }

    // The part of the event's JSON that no column gives back.
    private static readonly TableColumn s_extra = new("extra", ColumnKind.Json);

    // The order of arrival, shared by all tables.
    private static readonly TableColumn s_id = new("id", ColumnKind.Integer);

    /// <summary>The <c>type</c> of all events in the table; none for a table of whole events.</summary>
    public JanusEventType Type { get; }

    /// <summary>The columns between <c>id</c> and <c>extra</c>.</summary>
    public IReadOnlyList<EventColumn> EventColumns { get; }

    /// <summary>The columns as they are nested in the JSON.</summary>
    public PathNode Paths { get; }

    /// <summary>The columns inside the event's body.</summary>
    public PathNode? Body { get; }

    /// <summary>
    /// Whether there is a column for each property of an event's envelope: Janus sends no handle with a session's event,
    /// say, but somebody else might. (A time beyond the year 9999 has no column anywhere.)
    /// </summary>
    public bool HasEnvelopeOf(JanusEvent e) =>
        (_hasSession || e.SessionId is null)
        && (_hasHandle || e.HandleId is null)
        && (_hasOpaqueId || e.OpaqueId is null)
        && (_hasSubtype || e.Subtype is null)
        && (e.Timestamp is not null || e.Envelope.TimestampMicroseconds is null);

    /// <summary>Whether a column holds the whole event.</summary>
    public bool HoldsWholeEvents => Type == JanusEventType.None;
}
