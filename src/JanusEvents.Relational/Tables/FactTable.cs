using System.Security.Cryptography;
using System.Text;
using JanusEvents.Relational.Schema;
using JanusEvents.Rooms;

namespace JanusEvents.Relational.Tables;

/// <summary>
/// The table of facts: who is in which room, mountpoint, call or recording, as the events reported it one by one. Rows are only
/// added, each with its event; the views make intervals of them.
/// </summary>
internal static class FactTable
{
    /// <summary>The first year of the DATETIME of MySQL.</summary>
    public const int FirstYear = 1000;

    // The part of a longer name that stays before its hash.
    private const int NameStart = 120;

    // The hash and what stands before it.
    private const int HashLength = 1 + (2 * SHA256.HashSizeInBytes);

    // In UTF-8 at the most 510 bytes.
    private const int ShortLength = 170;

    /// <summary>The index that finds what a handle or a session did, and how it ended.</summary>
    public static IReadOnlyList<string> ByHandle => ["session", "handle", "timestamp"];

    /// <summary>The index that finds what happened to a participant of a room, or to a room.</summary>
    public static IReadOnlyList<string> ByParticipant => ["room", "participant", "what", "timestamp"];

    /// <summary>The index that finds when a server started.</summary>
    public static IReadOnlyList<string> ByEmitter => ["emitter", "what", "timestamp"];

    /// <summary>The index that has the facts of a room in the order of their arrival.</summary>
    public static IReadOnlyList<string> ByRoom => ["room", "arrival"];

    /// <summary>The index that finds the participant that a subscription belongs to.</summary>
    public static IReadOnlyList<string> ByPrivateId => ["private_id"];

    /// <summary>
    /// A fact is known by its event: the table and the number (<c>arrival</c>) of the event's row, and its place among the
    /// event's facts. Numbers alone would not do, since the tables that were published each count for themselves.
    /// </summary>
    public static TableDefinition Definition { get; } = new(
        "facts",
        [
            new TableColumn("arrival", ColumnKind.Integer),
            new TableColumn("tablename", ColumnKind.Key),
            new TableColumn("part", ColumnKind.Integer),
            new TableColumn("what", ColumnKind.Key),
            new TableColumn("event", ColumnKind.ShortText),
            new TableColumn("emitter", ColumnKind.Name),
            new TableColumn("plugin", ColumnKind.Name),
            new TableColumn("room", ColumnKind.Name),
            new TableColumn("participant", ColumnKind.Name),
            new TableColumn("peer", ColumnKind.Name),
            new TableColumn("display", ColumnKind.ShortText),
            new TableColumn("private_id", ColumnKind.Integer),
            new TableColumn("session", ColumnKind.Integer),
            new TableColumn("handle", ColumnKind.Integer),
            new TableColumn("opaque_id", ColumnKind.Name),
            new TableColumn("timestamp", ColumnKind.Time),
        ],

        ByHandle,
        ByParticipant,
        ByEmitter,
        ["room", "what", "timestamp"],
        ByRoom,
        ByPrivateId,
        ["opaque_id"],
        ["timestamp"])
    {
        PrimaryKey = ["arrival", "tablename", "part"],
    };

    /// <summary>The tables whose events may have facts.</summary>
    public static IReadOnlyList<EventTable> Sources { get; } = [.. Kinds.Select(EventTables.For).Distinct()];

    /// <summary>The kinds of events that may have facts.</summary>
    public static IReadOnlyList<Type> Kinds =>
        [typeof(PluginEvent), typeof(HandleEvent), typeof(SessionEvent), typeof(ConnectionEvent), typeof(CoreEvent)];

    /// <summary>The facts of an event as rows of the table; most events have none.</summary>
    /// <param name="e">The event.</param>
    /// <param name="arrival">The number of its row.</param>
    public static IEnumerable<object?[]> RowsOf(JanusEvent e, long arrival)
    {
        IReadOnlyList<Fact> facts = FactReader.Read(e);
        if (facts.Count == 0 || e.Timestamp is not { Year: >= FirstYear } time)
            return [];

        string table = EventTables.For(e).Name;
        return facts.Select((fact, part) => (object?[])
        [
            arrival,
            table,
            (long)part,
            fact.What,
            Cut(fact.Event),
            Name(e.Emitter),
            Name(fact.Plugin),
            Name(fact.Room),
            Name(fact.Participant),
            Name(fact.Peer),
            Cut(fact.Display),
            fact.PrivateId,
            fact.OfHandle ? e.SessionId : null,
            fact.OfHandle ? e.HandleId : null,
            fact.OfHandle ? Name(e.OpaqueId) : null,
            time.UtcDateTime,
        ]);
    }

    /// <summary>
    /// A name as the table has it: of one that is too long for an index, the start and the SHA-256 hash of the whole, so that
    /// no two become the same.
    /// </summary>
    public static string? Name(string? name) => name is null || IsKeptWhole(name) ? name : Shortened(name);

    /// <summary>
    /// A name as a primary key has it: none is empty, and one that ends in a blank, which MySQL passes over in a key, is shortened
    /// as one that is too long.
    /// </summary>
    public static string KeyName(string? name) => name is null ? "" : name.EndsWith(' ') ? Shortened(name) : Name(name)!;

    /// <summary>A text as a column of <see cref="ColumnKind.ShortText"/> holds it.</summary>
    public static string? Cut(string? text) => text is null ? null : Cut(text, TableColumn.ShortTextLength);

    /// <summary>A text with at most so many characters.</summary>
    public static string Cut(string text, int length) => text.Length > length ? Start(text, length) : text;

    // SQLite's driver ends a text of more than 512 bytes at a NUL; and a name may look like one that was cut.
    private static bool IsKeptWhole(string name) => name.Length <= TableColumn.NameLength
        && !(name.Length > ShortLength && name.Contains('\0'))
        && !(name.Length is NameStart + HashLength or NameStart - 1 + HashLength && name[^HashLength] == '…');

    private static string Shortened(string name) =>
        $"{Start(name, NameStart)}…{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}";

    private static string Start(string text, int length) => length >= text.Length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
