using JanusEvents.Facts;

namespace JanusEvents.Relational.Facts;

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

    private readonly string _facts = dialect.Table(FactTable.Definition);

    /// <summary>Each view: its name, and what it selects.</summary>
    public IReadOnlyList<(string Name, string Select)> All =>
    [
        ("stays", Stays),
        ("publishers", Publishers),
        ("subscriptions", Subscriptions),
        ("calls", Calls),
    ];

    /// <summary>Which handle was in which room, mountpoint, call or recording, as whom, from when to when.</summary>
    /// <remarks>Ends with its conditions, so that further ones on the fact <c>j</c> can be added.</remarks>
    public string Stays => Interval(
        $"j.emitter, j.plugin, j.room, j.participant, j.display, j.session, j.handle, j.opaque_id, {Began}",
        "",
        StayEnds,
        $"j.what = '{FactKind.Joined}'",
        "room",
        "participant");

    private string Publishers => Interval(
        $"j.emitter, j.plugin, j.room, j.participant, j.display, j.session, j.handle, j.opaque_id, {Began}",
        "",
        [
            .. EndsOfHandle(_ => ""),
            new("plugins", FactTable.ByHandle, j => $"{SameHandle(j)} AND ({LeftByHandle(j)} OR {JoinedElsewhere(j)})"),
            new("plugins", FactTable.ByParticipant, j => ByParticipant(j, $"{j}.participant", FactKind.Left, FactKind.Unpublished)),
            Emptied,
        ],
        $"j.what = '{FactKind.Published}'",
        "room",
        "participant");

    // A handle either is a participant or subscribes: what Janus reports of subscribers on a publisher's handle is
    // somebody else's.
    private string Subscriptions => Interval(
        "j.emitter, j.plugin, j.room, o.participant, o.display, j.peer AS publisher, j.display AS publisher_display, "
            + $"j.session, j.handle, j.opaque_id, {Began}",
        Join("o", "plugins", FactTable.ByPrivateId, $"""
            x.private_id = j.private_id AND x.what = '{FactKind.Joined}' AND x.participant IS NOT NULL
              AND x.room = j.room AND x.plugin = j.plugin AND {dialect.AreSame("x.emitter", "j.emitter")}
            ORDER BY x.timestamp DESC, x.arrival DESC
            """),
        [
            .. EndsOfHandle(_ => ""),
            new("plugins", FactTable.ByHandle, j => $"""
                {SameHandle(j)} AND (
                  {LeftByHandle(j)}
                  OR (x.what = '{FactKind.Unsubscribed}' AND (x.peer IS NULL OR x.peer = {j}.peer))
                  OR (x.what = '{FactKind.Updated}' AND NOT EXISTS (
                    SELECT 1 FROM {_facts} y WHERE y.arrival = x.arrival AND y.tablename = x.tablename
                      AND y.what = '{FactKind.Subscribed}' AND y.peer = {j}.peer)))
                """),
            new("plugins", FactTable.ByParticipant, j => ByParticipant(j, $"{j}.peer", FactKind.Left, FactKind.Unpublished)),
            Emptied,
        ],
        $"""
        j.what = '{FactKind.Subscribed}' AND NOT EXISTS (
          SELECT 1 FROM {From("p", FactTable.ByHandle)} WHERE p.session = j.session AND p.handle = j.handle AND p.what = '{FactKind.Joined}'
            AND p.participant IS NOT NULL AND {dialect.AreSame("p.emitter", "j.emitter")})
        """,
        "peer");

    private string Calls
    {
        get
        {
            return Interval(
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
                "room",
                "participant");
        }
    }

    private static string Began => "j.timestamp AS began";

    private End[] StayEnds =>
    [
        // A participant stays in the room when the PeerConnection ends; who only watches or calls does not.
        .. EndsOfHandle(j => $" AND {j}.participant IS NULL"),
        new("plugins", FactTable.ByHandle, j => $"{SameHandle(j)} AND ({LeftByHandle(j)} OR {JoinedElsewhere(j)})"),
        new("plugins", FactTable.ByParticipant, j => ByParticipant(j, $"{j}.participant", FactKind.Left)),
        Emptied,
    ];

    private End Emptied => new("plugins", FactTable.ByParticipant, j =>
        $"x.room = {j}.room AND x.participant IS NULL AND x.what = '{FactKind.Emptied}' AND x.plugin = {j}.plugin AND {SameEmitter(j)}");

    private End[] EndsOfHandle(Func<string, string> whenHungUp) =>
    [
        new("handles", FactTable.ByHandle, j => $"{SameHandle(j)} AND x.what = '{FactKind.Detached}'"),
        new("connections", FactTable.ByHandle, j => $"{SameHandle(j)} AND x.what = '{FactKind.HungUp}'{whenHungUp(j)}"),
        new("sessions", FactTable.ByHandle, j => $"x.session = {j}.session AND x.handle IS NULL AND x.what = '{FactKind.Ended}' AND {SameEmitter(j)}"),
        new("core", FactTable.ByEmitter, j => $"{SameEmitter(j)} AND x.what = '{FactKind.Restarted}'"),
    ];

    private string SameEmitter(string j) => dialect.AreSame("x.emitter", $"{j}.emitter");

    private string SameHandle(string j) => $"x.session = {j}.session AND x.handle = {j}.handle AND {SameEmitter(j)}";

    private static string LeftByHandle(string j) =>
        $"(x.what = '{FactKind.Left}' AND (x.room IS NULL OR x.room = {j}.room) AND (x.participant IS NULL OR x.participant = {j}.participant))";

    // A handle is in one room at a time, except in the TextRoom.
    private string JoinedElsewhere(string j) =>
        $"(x.what = '{FactKind.Joined}' AND x.plugin <> 'janus.plugin.textroom' "
        + $"AND NOT ({dialect.AreSame("x.room", $"{j}.room")} AND {dialect.AreSame("x.participant", $"{j}.participant")}))";

    private string ByParticipant(string j, string participant, params string[] what) =>
        $"x.room = {j}.room AND x.participant = {participant} AND x.what IN ({string.Join(", ", what.Select(w => $"'{w}'"))}) "
        + $"AND x.plugin = {j}.plugin AND {SameEmitter(j)}";

    private static string IsAfter(string j) => $"x.timestamp >= {j}.timestamp AND (x.timestamp > {j}.timestamp OR x.arrival > {j}.arrival)";

    private static string IsBefore(string x, string j) =>
        $"{x}.timestamp <= {j}.timestamp AND ({x}.timestamp < {j}.timestamp OR {x}.arrival < {j}.arrival)";

    private string Ending(int ends)
    {
        string never = dialect.Literal(s_never);
        return dialect.Earliest(Enumerable.Range(1, ends).Select(i => $"COALESCE(e{i}.timestamp, {never})"));
    }

    private string From(string alias, IReadOnlyList<string> index) => dialect.ByIndex(FactTable.Definition, alias, index);

    /// <summary>Joins the fact that a subquery over facts <c>x</c> finds first.</summary>
    private string Join(string alias, string table, IReadOnlyList<string> index, string conditions) =>
        $"""

        LEFT JOIN {_facts} {alias} ON {alias}.tablename = '{table}' AND {alias}.part = 0 AND {alias}.arrival = (
          SELECT x.arrival FROM {From("x", index)}
          WHERE x.tablename = '{table}' AND {conditions} LIMIT 1)
        """;

    private string Interval(string columns, string joins, End[] ends, string conditions, params string[] key)
    {
        string never = dialect.Literal(s_never);
        IEnumerable<string> endJoins = ends.Select((end, i) =>
            Join($"e{i + 1}", end.Table, end.Index, $"{end.Condition("j")} AND {IsAfter("j")}\n  ORDER BY x.timestamp, x.arrival"));

        // The same again, with nothing between that ends it, is no new beginning.
        string sameBefore = string.Join(" AND ", key.Select(c => dialect.AreSame($"k.{c}", $"j.{c}")));
        IEnumerable<string> noEndBetween = ends.Select(end => $"""
             AND NOT EXISTS (SELECT 1 FROM {From("x", end.Index)}
              WHERE x.tablename = '{end.Table}' AND {end.Condition("k")} AND {IsAfter("k")} AND {IsBefore("x", "j")})
            """);
        return $"""
            SELECT {columns},
              NULLIF({Ending(ends.Length)}, {never}) AS ended
            FROM {_facts} j{joins}{string.Concat(endJoins)}
            WHERE {conditions}
              AND NOT EXISTS (SELECT 1 FROM {From("k", FactTable.ByHandle)}
                WHERE k.session = j.session AND k.handle = j.handle AND k.what = j.what AND k.plugin = j.plugin
                  AND {dialect.AreSame("k.emitter", "j.emitter")} AND {sameBefore} AND {IsBefore("k", "j")}
                {string.Join("\n    ", noEndBetween)})
            """;
    }

    /// <summary>A way of ending: a fact <c>x</c> of a table, found by an index on conditions that name the fact that begins.</summary>
    private sealed record End(string Table, IReadOnlyList<string> Index, Func<string, string> Condition);
}
