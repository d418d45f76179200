using JanusEvents.Events;

using static JanusEvents.Relational.Tables.ColumnKind;

namespace JanusEvents.Relational.Tables;

/// <summary>
/// The tables of events, for every database alike, made of the descriptions of the kinds: the twelve published tables, with
/// the published columns first, and tables for what had none.
/// </summary>
internal static class EventTables
{
    private static readonly EventColumn s_session = Published("session", Integer, "session_id", e => e.SessionId);
    private static readonly EventColumn s_handle = Published("handle", Integer, "handle_id", e => e.HandleId);
    private static readonly EventColumn s_timestamp = Published("timestamp", Time, "timestamp", e => e.Timestamp?.UtcDateTime);
    private static readonly EventColumn s_emitter = new("emitter", ShortText, "emitter", e => e.Emitter);
    private static readonly EventColumn s_opaqueId = new("opaque_id", ShortText, "opaque_id", e => e.OpaqueId);
    private static readonly EventColumn s_subtype = new("subtype", Integer, "subtype", e => (long?)e.Subtype);

    // Whole events, so that nothing of them is taken apart; the columns before are to find them by.
    private static readonly EventTable s_unknown = new(
        UnknownEvent.Description.Table,
        JanusEventType.None,
        [
            s_session with { Path = null },
            s_handle with { Path = null },
            new EventColumn("type", Integer, null, e => (long)e.Type),
            s_subtype with { Path = null },
            new EventColumn("event", ColumnKind.Json, null, e => e.Json.IsEmpty ? null : e.Json.ToCompactString()),
            s_timestamp with { Path = null },
            s_emitter with { Path = null },
            s_opaqueId with { Path = null },
        ],
        IndexesOf(EventScope.Handle));

    /// <summary>Every table of events: first the published ones, in the order of the published script.</summary>
    public static IReadOnlyList<EventTable> All { get; } =
    [
        .. EventKinds.All.Where(kind => kind != UnknownEvent.Description).GroupBy(kind => kind.Table).Select(kinds => TableOf([.. kinds])),
        s_unknown,
    ];

    private static readonly Dictionary<Type, EventTable> s_byRecord =
        EventKinds.All.ToDictionary(kind => kind.Record, kind => All.First(table => table.Name == kind.Table));

    /// <summary>The table that an event belongs to.</summary>
    public static EventTable For(JanusEvent e) => For(e.GetType());

    /// <summary>The table that events of a kind belong to.</summary>
    public static EventTable For(Type kind) => s_byRecord.GetValueOrDefault(kind, s_unknown);

    private static EventTable TableOf(EventKind[] kinds)
    {
        EventKind kind = kinds[0];
        List<EventColumn> own = [.. kinds.SelectMany(k => k.Values).Select(value => value.Column).Distinct().Select(name => ColumnOf(name, kinds))];

        // Published columns stand before the time; in a newer table all columns do, those first that many tables have.
        List<EventColumn> first = kind.PublishedColumns.Count > 0
            ? [.. kind.PublishedColumns.Select(name => own.Find(column => column.Name == name)! with { Published = true })]
            : [.. own.OrderBy(column => column.Name switch { "stream" => 0, "component" => 1, _ => 2 })];
        bool hasSubtype = kind.Subtype is not null || kind.Type == JanusEventType.Core;
        return new EventTable(
            kind.Table,
            kind.Type,
            [
                .. kind.Scope >= EventScope.Session ? [s_session] : (EventColumn[])[],
                .. kind.Scope == EventScope.Handle ? [s_handle] : (EventColumn[])[],
                .. first,
                s_timestamp,
                s_emitter,
                .. kind.Scope == EventScope.Handle ? [s_opaqueId] : (EventColumn[])[],
                .. hasSubtype ? [s_subtype] : (EventColumn[])[],
                .. own.Where(column => !first.Exists(other => other.Name == column.Name)),
            ],
            IndexesOf(kind.Scope));
    }

    private static IReadOnlyList<string>[] IndexesOf(EventScope scope) => scope switch
    {
        EventScope.Server => [["timestamp"]],
        EventScope.Session => [["session"], ["timestamp"]],
        _ => [["session", "handle"], ["timestamp"]],
    };

    /// <summary>A column that has a value of one kind, or of several that share the table.</summary>
    private static EventColumn ColumnOf(string name, EventKind[] kinds)
    {
        (EventKind Kind, EventValue Value)[] values =
            [.. kinds.SelectMany(kind => kind.Values.Where(value => value.Column == name).Select(value => (kind, value)))];
        EventValue first = values[0].Value;
        EventColumn column = new(name, KindOf(first.Form), first.Path, kinds.Length == 1 ? first.Read : ReadOfKind)
        {
            Place = values[0].Kind.Values.TakeWhile(value => value != first).Count(),
        };
        return (kinds[0].Table, name) switch
        {
            ("core", "value") => column with { GivesBack = (value, _) => !PublishedShutdown.IsIn((string)value) },
            ("sdps", "remote") => OneOf(column, "remote", "local"),
            ("sdps", "offer") => OneOf(column, "offer", "answer"),
            _ => column,
        };

        object? ReadOfKind(JanusEvent e)
        {
            foreach ((EventKind kind, EventValue value) in values)
            {
                if (kind.Record == e.GetType())
                    return value.Read(e);
            }

            return null;
        }
    }

    /// <summary>A published column that is a flag for one of two texts.</summary>
    private static EventColumn OneOf(EventColumn text, string whenTrue, string whenFalse)
    {
        return text with
        {
            Kind = ColumnKind.Boolean,
            Read = e => text.Read(e) is string value ? value.Equals(whenTrue, StringComparison.OrdinalIgnoreCase) : null,
            GivesBack = (value, e) => text.Read(e) is string sent && sent == ToText(value),
            ToText = ToText,
        };

        string ToText(object value) => (bool)value ? whenTrue : whenFalse;
    }

    private static ColumnKind KindOf(ValueForm form) => form switch
    {
        ValueForm.Text => ShortText,
        ValueForm.LongText => LongText,
        ValueForm.Number => Integer,
        ValueForm.Boolean => ColumnKind.Boolean,
        _ => ColumnKind.Json,
    };

    private static EventColumn Published(string name, ColumnKind kind, string path, Func<JanusEvent, object?> read) =>
        new(name, kind, path, read) { Published = true };
}
