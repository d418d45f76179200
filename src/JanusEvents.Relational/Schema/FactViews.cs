using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tables;
using JanusEvents.Rooms;

namespace JanusEvents.Relational.Schema;

/// <summary>
/// The views over the facts: each row is something with a beginning and an end, which is the first of several that end it.
/// </summary>
/// <remarks>
/// Written for the optimizer of MySQL 5.6 as well: such a view is merged into the query that asks only if it has no
/// subquery among its columns, no grouping and no union. Hence each way of ending is a row joined by its key, which a
/// subquery finds by an index.
/// </remarks>
internal sealed class FactViews(SqlDialect dialect)
{
    // Later than whatever ends.
    private static readonly DateTime s_never = new(9999, 12, 31, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// The version of what they select. It grows with each change of it, so that those of an older version are replaced.
    /// </summary>
    public const long Version = 2;

    private static readonly string[] s_stayColumns =
        ["emitter", "plugin", "room", "participant", "display", "session", "handle", "opaque_id", "began", "ended"];

    private static readonly string[] s_subscriptionColumns =
        ["emitter", "plugin", "room", "participant", "display", "publisher", "publisher_display", "session", "handle", "opaque_id", "began", "ended"];

    private static readonly string[] s_callColumns =
    [
        "emitter", "plugin", "call_id", "username", "peer", "display", "event", "session", "handle", "opaque_id", "began", "accepted",
        "ended",
    ];

    /// <summary>Each view.</summary>
    public IReadOnlyList<FactView> All => [Stays, Publishers, Subscriptions, Calls];

    /// <summary>Which handle was in which room, mountpoint, call or recording, as whom, from when to when.</summary>
    public FactView Stays => Interval(
        "stays",
        s_stayColumns,
        $"j.emitter, j.plugin, j.room, j.participant, j.display, j.session, j.handle, j.opaque_id, {Began}",
        "",
        StayEnds,
        $"j.what = '{FactKind.Joined}'",
        OwnRoom,
        SameStay);

    /// <summary>Which participant of a VideoRoom sent media, from when to when.</summary>
    // Janus 0.x does not repeat the name to be shown.
    public FactView Publishers => Interval(
        "publishers",
        s_stayColumns,
        "j.emitter, j.plugin, j.room, j.participant, COALESCE(j.display, d.display) AS display, "
            + $"j.session, j.handle, j.opaque_id, {Began}",
        Join("d", "plugins", FactTable.ByHandle, $"""
            {SameHandle("j")} AND x.what = '{FactKind.Joined}' AND {Equal("x.room", "j.room")} AND {Equal("x.participant", "j.participant")}
              AND {IsNotAfter("x", "j")}
            ORDER BY x.timestamp DESC, x.arrival DESC
            """),
        [
            .. EndsOfHandle(_ => ""),
            new("plugins", FactTable.ByHandle, b => $"{SameHandle(b.Fact)} AND ({LeftByHandle(b)} OR {JoinedElsewhere(b)})"),
            new("plugins", FactTable.ByParticipant, b => ByParticipant(b, $"{b.Fact}.participant", FactKind.Left, FactKind.Unpublished)),
            Emptied,
        ],
        $"j.what = '{FactKind.Published}'",
        OwnRoom,
        SameRoomAndParticipant);

    /// <summary>Which handle got the media of which publisher, from when to when.</summary>
    // A handle either is a participant or subscribes: what Janus reports of subscribers on a publisher's handle is
    // somebody else's. For whom and where a handle subscribes, not every event repeats; the fact c with which it came in says it. The
    // room is read of a fact h, so that an index finds it: of the subscription itself, or of that one.
    public FactView Subscriptions => Interval(
        "subscriptions",
        s_subscriptionColumns,
        "h.emitter, h.plugin, h.room, o.participant, o.display, j.peer AS publisher, j.display AS publisher_display, "
            + $"h.session, h.handle, h.opaque_id, {Began}",
        Join("c", "plugins", FactTable.ByHandle, $"""
            {SameHandle("j")} AND x.what = '{FactKind.Joined}' AND {IsNotAfter("x", "j")}
            ORDER BY x.timestamp DESC, x.arrival DESC
            """)
        + Join("o", "plugins", FactTable.ByPrivateId, $"""
            x.private_id = COALESCE(j.private_id, c.private_id) AND x.what = '{FactKind.Joined}' AND x.participant IS NOT NULL
              AND {Equal("x.room", RoomOfHandle("j"))} AND x.plugin = j.plugin AND {SameEmitter("j")}
            ORDER BY x.timestamp DESC, x.arrival DESC
            """),
        [
            .. EndsOfHandle(_ => ""),
            new("plugins", FactTable.ByHandle, b => $"""
                {SameHandle(b.Fact)} AND (
                  {LeftByHandle(b)}
                  OR (x.what = '{FactKind.Unsubscribed}' AND (x.peer IS NULL OR {Equal("x.peer", $"{b.Fact}.peer")}))
                  OR (x.what = '{FactKind.Updated}' AND NOT EXISTS (
                    SELECT 1 FROM {Facts} y WHERE y.arrival = x.arrival AND y.tablename = x.tablename AND {Of(b.Fact)}
                      AND y.what = '{FactKind.Subscribed}' AND {Equal("y.peer", $"{b.Fact}.peer")})))
                """),
            new("plugins", FactTable.ByParticipant, b => ByParticipant(b, $"{b.Fact}.peer", FactKind.Left, FactKind.Unpublished)),
            Emptied,
        ],
        $"""
        h.what IN ('{FactKind.Subscribed}', '{FactKind.Joined}') AND h.participant IS NULL
          AND NOT EXISTS (
          SELECT 1 FROM {From("p", FactTable.ByHandle)} WHERE p.session = j.session AND p.handle = j.handle AND p.what = '{FactKind.Joined}'
            AND {Of("j")} AND p.participant IS NOT NULL AND {dialect.AreSame("p.emitter", "j.emitter")})
        """,
        RoomOfHandle,
        () => dialect.AreSame("k.peer", "j.peer"),
        $"""
        {Facts} h {dialect.JoinInOrder} {From("j", FactTable.ByHandle)} ON j.session = h.session AND j.handle = h.handle
          AND {dialect.AreSame("j.emitter", "h.emitter")} AND j.what = '{FactKind.Subscribed}' AND (
            (h.arrival = j.arrival AND h.tablename = j.tablename AND h.part = j.part AND (j.room IS NOT NULL OR NOT EXISTS ({CameIn})))
            OR (j.room IS NULL AND h.what = '{FactKind.Joined}' AND {IsNotAfter("h", "j")} AND NOT EXISTS ({CameIn} AND {IsBefore("h", "n")})))
        """) with
    {
        Fact = "h",
        Participant = "o.participant",
    };

    private string CameIn =>
        $"SELECT 1 FROM {From("n", FactTable.ByHandle)} WHERE n.session = j.session AND n.handle = j.handle "
        + $"AND n.what = '{FactKind.Joined}' AND {Of("j")} AND {dialect.AreSame("n.emitter", "j.emitter")} AND {IsNotAfter("n", "j")}";

    /// <summary>Each side of a call, from when to when.</summary>
    public FactView Calls => Interval(
        "calls",
        s_callColumns,
        "j.emitter, j.plugin, j.room AS call_id, r.participant AS username, j.peer, j.display, j.event, "
            + $"j.session, j.handle, j.opaque_id, {Began}, "
            + $"CASE WHEN a.timestamp <= {Ending(StayEnds.Length)} THEN a.timestamp END AS accepted",
        Join("a", "plugins", FactTable.ByHandle, $"""
            {SameHandle("j")} AND x.what = '{FactKind.Accepted}'
              AND x.timestamp >= j.timestamp
            ORDER BY x.timestamp, x.arrival
            """)
        + Join("r", "plugins", FactTable.ByHandle, $"""
            {SameHandle("j")} AND x.what = '{FactKind.Registered}'
              AND x.timestamp <= j.timestamp
            ORDER BY x.timestamp DESC, x.arrival DESC
            """),
        StayEnds,
        $"j.what = '{FactKind.Joined}' AND j.plugin IN ('janus.plugin.sip', 'janus.plugin.nosip', 'janus.plugin.videocall')",
        OwnRoom,
        SameStay) with
    {
        Participant = "r.participant",
    };

    private static string Began => "j.timestamp AS began";

    // MariaDB keeps what a subquery found by the values that it got, compared as its collation does: without blanks at the end.
    // These numbers distinguish the facts, so that nothing that was found for one is taken for another.
    private static string Of(string fact) => $"{fact}.part >= 0 AND {fact}.arrival <= {long.MaxValue}";

    private string Facts => dialect.Table(FactTable.Definition);

    private End[] StayEnds =>
    [
        // A participant stays in the room when the PeerConnection ends; who only watches or calls does not.
        .. EndsOfHandle(b => $" AND {b.Fact}.participant IS NULL"),
        new("plugins", FactTable.ByHandle, b => $"{SameHandle(b.Fact)} AND ({LeftByHandle(b)} OR {JoinedElsewhere(b)})"),
        new("plugins", FactTable.ByParticipant, b => ByParticipant(b, $"{b.Fact}.participant", FactKind.Left)),
        Emptied,
    ];

    private End Emptied => new("plugins", FactTable.ByParticipant, b =>
        $"{Equal("x.room", b.Room)} AND x.participant IS NULL AND x.what = '{FactKind.Emptied}' AND x.plugin = {b.Fact}.plugin AND {SameEmitter(b.Fact)}");

    private End[] EndsOfHandle(Func<Beginning, string> whenHungUp) =>
    [
        new("handles", FactTable.ByHandle, b => $"{SameHandle(b.Fact)} AND x.what = '{FactKind.Detached}'"),
        new("connections", FactTable.ByHandle, b => $"{SameHandle(b.Fact)} AND x.what = '{FactKind.HungUp}'{whenHungUp(b)}"),
        new("sessions", FactTable.ByHandle, b =>
            $"x.session = {b.Fact}.session AND x.handle IS NULL AND x.what = '{FactKind.Ended}' AND {SameEmitter(b.Fact)}"),
        new("core", FactTable.ByEmitter, b => $"{SameEmitter(b.Fact)} AND x.what = '{FactKind.Restarted}'"),
    ];

    private string Equal(string one, string other) => dialect.AreEqual(one, other);

    private string SameEmitter(string j) => dialect.AreSame("x.emitter", $"{j}.emitter");

    private string SameHandle(string j) => $"x.session = {j}.session AND x.handle = {j}.handle AND {SameEmitter(j)}";

    private static string OwnRoom(string fact) => $"{fact}.room";

    private static string RoomOfHandle(string fact) => $"COALESCE({fact}.room, h.room)";

    private string LeftByHandle(Beginning b) =>
        $"(x.what = '{FactKind.Left}' AND (x.room IS NULL OR {Equal("x.room", b.Room)}) "
        + $"AND (x.participant IS NULL OR {Equal("x.participant", $"{b.Fact}.participant")}))";

    // A handle is in one room at a time, except in the TextRoom.
    private string JoinedElsewhere(Beginning b) =>
        $"(x.what = '{FactKind.Joined}' AND x.plugin <> 'janus.plugin.textroom' AND NOT {GoesOn("x")} "
        + $"AND NOT ({dialect.AreSame("x.room", b.Room)} AND {dialect.AreSame("x.participant", $"{b.Fact}.participant")}))";

    // These report more than once that a handle is there, and may leave out where.
    private static string GoesOn(string fact) => $"({fact}.room IS NULL AND {fact}.plugin IN ('janus.plugin.streaming', 'janus.plugin.nosip'))";

    private string SameStay() => $"({GoesOn("j")} OR ({SameRoomAndParticipant()}))";

    private string SameRoomAndParticipant() =>
        $"{dialect.AreSame("k.room", "j.room")} AND {dialect.AreSame("k.participant", "j.participant")}";

    private string ByParticipant(Beginning b, string participant, params string[] what) =>
        $"{Equal("x.room", b.Room)} AND {Equal("x.participant", participant)} AND x.what IN ({string.Join(", ", what.Select(w => $"'{w}'"))}) "
        + $"AND x.plugin = {b.Fact}.plugin AND {SameEmitter(b.Fact)}";

    private static string IsAfter(string j) => $"x.timestamp >= {j}.timestamp AND (x.timestamp > {j}.timestamp OR x.arrival > {j}.arrival)";

    private static string IsBefore(string x, string j) =>
        $"{x}.timestamp <= {j}.timestamp AND ({x}.timestamp < {j}.timestamp OR {x}.arrival < {j}.arrival)";

    // Facts of the same event are not after each other.
    private static string IsNotAfter(string x, string j) =>
        $"{x}.timestamp <= {j}.timestamp AND ({x}.timestamp < {j}.timestamp OR {x}.arrival <= {j}.arrival)";

    private string Ending(int ends)
    {
        string never = dialect.Literal(s_never);
        return dialect.Earliest(Enumerable.Range(1, ends).Select(i => $"COALESCE(e{i}.timestamp, {never})"));
    }

    private string From(string alias, IReadOnlyList<string> index) => dialect.ByIndex(FactTable.Definition, alias, index);

    /// <summary>Joins the fact that a subquery over facts <c>x</c> finds first.</summary>
    private string Join(string alias, string table, IReadOnlyList<string> index, string conditions) =>
        $"""

        LEFT JOIN {Facts} {alias} ON {alias}.tablename = '{table}' AND {alias}.part = 0 AND {alias}.arrival = (
          SELECT x.arrival FROM {From("x", index)}
          WHERE x.tablename = '{table}' AND {Of("j")} AND {conditions} LIMIT 1)
        """;

    /// <summary>Selects intervals: a row for each fact <c>j</c> that begins one.</summary>
    /// <param name="name">The name of the view.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="values">The values selected of it, beside its end.</param>
    /// <param name="joins">Further joins.</param>
    /// <param name="ends">The ways of ending.</param>
    /// <param name="conditions">The conditions of a beginning.</param>
    /// <param name="room">The room of a fact, as SQL.</param>
    /// <param name="same">Whether an earlier fact <c>k</c> of the handle began the same.</param>
    /// <param name="from">Where it comes from; null for the facts alone.</param>
    private FactView Interval(
        string name,
        string[] columns,
        string values,
        string joins,
        End[] ends,
        string conditions,
        Func<string, string> room,
        Func<string> same,
        string? from = null)
    {
        string never = dialect.Literal(s_never);
        Beginning j = new("j", room("j"));
        Beginning k = new("k", room("k"));
        IEnumerable<string> endJoins = ends.Select((end, i) =>
            Join($"e{i + 1}", end.Table, end.Index, $"{end.Condition(j)} AND {IsAfter("j")}\n  ORDER BY x.timestamp, x.arrival"));

        // The same again, with nothing between that ends it, is no new beginning.
        IEnumerable<string> noEndBetween = ends.Select(end => $"""
             AND NOT EXISTS (SELECT 1 FROM {From("x", end.Index)}
              WHERE x.tablename = '{end.Table}' AND {Of("k")} AND {end.Condition(k)} AND {IsAfter("k")} AND {IsBefore("x", "j")})
            """);
        string ending = Ending(ends.Length);
        string rows = $"""
            {joins}{string.Concat(endJoins)}
            WHERE {conditions}
              AND NOT EXISTS (SELECT 1 FROM {From("k", FactTable.ByHandle)}
                WHERE k.session = j.session AND k.handle = j.handle AND k.what = j.what AND k.plugin = j.plugin
                  AND {Of("j")} AND {dialect.AreSame("k.emitter", "j.emitter")} AND {same()} AND {IsBefore("k", "j")}
                {string.Join("\n    ", noEndBetween)})
            """;
        return new FactView(name, columns, $"{values},\n  NULLIF({ending}, {never}) AS ended", $"FROM {from ?? $"{Facts} j"}{rows}")
        {
            RowsByTime = from is null ? $"FROM {From("j", ["timestamp"])}{rows}" : null,
            Ending = ending,
            Never = never,
        };
    }

    /// <summary>A fact that begins something, with its room as SQL.</summary>
    private sealed record Beginning(string Fact, string Room);

    /// <summary>A way of ending: a fact <c>x</c> of a table, found by an index on conditions that name the fact that begins.</summary>
    private sealed record End(string Table, IReadOnlyList<string> Index, Func<Beginning, string> Condition);
}
