using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Records;
using JanusEvents.Relational.Rooms;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Records;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests;

/// <summary>How a database goes about what <see cref="IEventStore"/> asks, and what the published text asks.</summary>
public abstract class PlanTests(TestStores stores) : StoreTests(stores)
{
    private const int Rows = 20_000;
    private const int RowsOfSession = 40;
    private static readonly DateTime s_start = new(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>What each kind of question is answered by: the statements' indexes, where they sort with "sorted".</summary>
    private static readonly (string What, EventQuery Query, string[] Plan)[] s_plans =
    [
        ("all", new EventQuery(), ["id"]),
        ("session", new EventQuery { SessionId = 7 }, ["session_handle sorted"]),
        ("session and handle", new EventQuery { SessionId = 7, HandleId = 70 }, ["session_handle"]),
        ("session, handle and server", new EventQuery { SessionId = 7, HandleId = 70, Emitter = "one" }, ["session_handle"]),
        ("session in time", new EventQuery { SessionId = 7, From = s_start, To = s_start.AddHours(3) }, ["session_handle sorted"]),
        ("from", new EventQuery { From = s_start.AddHours(5) }, ["timestamp", "id"]),
        ("to", new EventQuery { To = s_start.AddHours(1) }, ["timestamp", "id"]),
        ("from and to", new EventQuery { From = s_start.AddHours(1), To = s_start.AddHours(2) }, ["timestamp", "id"]),
        ("server in time", new EventQuery { Emitter = "one", From = s_start.AddHours(1), To = s_start.AddHours(2) }, ["timestamp", "id"]),
        ("handle in time", new EventQuery { HandleId = 70, From = s_start.AddHours(1) }, ["timestamp", "id"]),
        ("server", new EventQuery { Emitter = "one" }, ["id"]),
        ("handle", new EventQuery { HandleId = 70 }, ["id"]),
        ("opaque id", new EventQuery { OpaqueId = "me" }, ["id"]),
        ("kind", new EventQuery { Kinds = [typeof(MediaStatsEvent)] }, ["id"]),
    ];

    /// <summary>What each kind of question about rooms is answered by: stays, publishers and calls; and subscriptions, of which another fact is read first.</summary>
    private static readonly (string What, RoomQuery Query, string[] Plan, string OfSubscriptions)[] s_roomPlans =
    [
        ("room", new RoomQuery { Room = "7" }, ["room_what_timestamp"], "room_participant_what_timestamp sorted"),
        ("room in time", new RoomQuery { Room = "7", From = s_start, To = s_start.AddHours(3) }, ["room_what_timestamp"], "room_participant_what_timestamp sorted"),
        ("open in room", new RoomQuery { Room = "7", OnlyOpen = true }, ["room_what_timestamp"], "room_participant_what_timestamp sorted"),
        (
            "participant of a room",
            new RoomQuery { Room = "7", Participant = "14" },
            ["room_participant_what_timestamp", "room_what_timestamp"],
            "room_participant_what_timestamp sorted"),
        ("session and handle", new RoomQuery { SessionId = 7, HandleId = 70 }, ["session_handle_timestamp"], "session_handle_timestamp sorted"),
        ("session", new RoomQuery { SessionId = 7 }, ["session_handle_timestamp sorted"], "session_handle_timestamp sorted"),
        ("opaque id", new RoomQuery { OpaqueId = "me7" }, ["opaque_id sorted"], "opaque_id sorted"),
        ("all", new RoomQuery(), ["timestamp"], "none sorted"),
        ("server", new RoomQuery { Emitter = "one" }, ["timestamp"], "emitter_what_timestamp sorted"),
        ("time", new RoomQuery { From = s_start, To = s_start.AddHours(3) }, ["timestamp"], "none sorted"),
        ("open", new RoomQuery { OnlyOpen = true }, ["timestamp"], "none sorted"),
    ];

    /// <summary>What each kind of question about records is answered by.</summary>
    private static readonly (string What, PeerConnectionQuery Query, string[] Plan)[] s_recordPlans =
    [
        ("all", new PeerConnectionQuery(), ["ended"]),
        ("from", new PeerConnectionQuery { From = MonitoringRecords.At(3_000) }, ["ended"]),
        ("from and to", new PeerConnectionQuery { From = MonitoringRecords.At(1_000), To = MonitoringRecords.At(1_100) }, ["ended"]),
        ("room", new PeerConnectionQuery { Room = "7" }, ["room_ended"]),
        ("room in time", new PeerConnectionQuery { Room = "7", From = MonitoringRecords.At(1_000), To = MonitoringRecords.At(1_100) }, ["room_ended"]),
        ("session", new PeerConnectionQuery { SessionId = 7 }, ["session sorted"]),
        ("session and handle", new PeerConnectionQuery { SessionId = 7, HandleId = 70 }, ["session sorted"]),
        ("opaque id", new PeerConnectionQuery { OpaqueId = "me7" }, ["opaque_id sorted"]),
        ("outcome in time", new PeerConnectionQuery { Outcome = "failed", From = MonitoringRecords.At(3_900) }, ["ended"]),
        ("server", new PeerConnectionQuery { Emitter = "one" }, ["ended"]),
    ];

    /// <summary>What each kind of question about troubles is answered by.</summary>
    private static readonly (string What, TroubleQuery Query, string[] Plan)[] s_troublePlans =
    [
        ("all", new TroubleQuery(), ["began"]),
        ("to", new TroubleQuery { To = MonitoringRecords.At(100) }, ["began"]),
        ("open", new TroubleQuery { OnlyOpen = true }, ["ended sorted"]),
        ("room", new TroubleQuery { Room = "7" }, ["room_began"]),
        ("room in time", new TroubleQuery { Room = "7", To = MonitoringRecords.At(1_100) }, ["room_began"]),
        ("session", new TroubleQuery { SessionId = 7 }, ["session sorted"]),
        ("server", new TroubleQuery { Emitter = "one" }, ["began"]),
    ];

    private static readonly (string Sql, string Plan)[] s_published =
    [
        ("SELECT medium, lostlocal FROM stats WHERE session = 7 AND handle = 70", "session_handle"),
        ("SELECT timestamp, jitterlocal FROM stats WHERE session = 7 AND handle = 70 AND medium = 'audio' ORDER BY id", "session_handle"),
        ("SELECT AVG(jitterlocal) FROM stats WHERE session = 7", "session_handle"),
        ("SELECT COUNT(*) FROM stats WHERE timestamp >= '2026-07-01 05:00:00'", "timestamp"),
    ];

    [Fact]
    public async Task Each_kind_of_question_has_its_index()
    {
        await using var connection = await FillAsync();
        var existing = await SchemaReader.LoadAsync(connection, CancellationToken.None);
        var layout = SchemaReader.Layouts(existing)[EventTables.For(typeof(MediaStatsEvent))];

        foreach (var (what, query, expected) in s_plans)
        {
            foreach (var (how, asked) in Ways(query))
            {
                await using TablePages pages = new(connection, layout, hasExtras: true, new TableFilter(asked), ReadingRange.Of(asked));
                (await PlansAsync(pages)).Should().Equal(expected, $"{what}, {how}");
            }
        }

        foreach (var (sql, expected) in s_published)
        {
            await using var command = connection.CreateReading();
            command.CommandText = sql;
            (await PlanAsync(command)).Should().Be(expected, sql);
        }
    }

    [Fact]
    public async Task The_plugin_events_of_a_room_have_their_index()
    {
        await using var connection = await FillAsync();
        var existing = await SchemaReader.LoadAsync(connection, CancellationToken.None);
        var layout = SchemaReader.Layouts(existing)[EventTables.For(typeof(PluginEvent))];

        foreach (var (how, asked) in Ways(new EventQuery { Room = "7" }))
        {
            await using TablePages pages = new(connection, layout, hasExtras: true, new TableFilter(asked), ReadingRange.Of(asked)) { Room = asked.Room };
            (await PlansAsync(pages)).Should().Equal(["room_arrival"], how);
        }
    }

    [Fact]
    public async Task A_limit_bounds_what_is_read()
    {
        const int Limit = 10;

        // A row more, to see whether an event goes on; each row and the next are read, and what extras has of it is looked for.
        const int RowsRead = 3 * (Limit + 1);
        await using var connection = await FillAsync();
        var existing = await SchemaReader.LoadAsync(connection, CancellationToken.None);
        var layout = SchemaReader.Layouts(existing)[EventTables.For(typeof(MediaStatsEvent))];

        EventQuery[] queries = [new(), new() { SessionId = 7, HandleId = 70 }, new() { Emitter = "one" }, new() { Kinds = [typeof(MediaStatsEvent)] }];
        foreach (var (how, asked) in queries.SelectMany(q => Ways(q with { Limit = Limit })).Where(w => w.Query.Limit is not null))
        {
            await using TablePages pages = new(connection, layout, hasExtras: true, new TableFilter(asked), ReadingRange.Of(asked));
            var (rows, read) = await RowsReadAsync(pages.Commands.Last());
            rows.Should().BeInRange(1, Limit + 1, $"{asked}, {how}");

            // Newest first behind a place, rows of an event that lies before it are looked for among a hundred.
            var more = asked is { Continuation: not null, Order: EventOrder.NewestFirst } ? 300 : 0;
            (read ?? 0).Should().BeLessThanOrEqualTo(RowsRead + more, $"{asked}, {how}");
        }
    }

    [Fact]
    public async Task Each_kind_of_question_about_rooms_has_its_index()
    {
        await using var connection = await FillAsync();
        FactViews views = new(Dialect);

        foreach (var view in views.All)
        {
            foreach (var (what, query, plans, ofSubscriptions) in s_roomPlans)
            {
                foreach (var order in Enum.GetValues<EventOrder>())
                {
                    foreach (var limit in new int?[] { null, 10 })
                    {
                        using IntervalPages pages = new(connection, view, query with { Order = order, Limit = limit });
                        string[] expected = view.Name == "subscriptions" ? [ofSubscriptions] : plans;
                        expected.Should().Contain(await PlanAsync(pages.Command), $"{view.Name}, {what}, {order} {limit}");
                    }
                }
            }
        }
    }

    [Fact]
    public async Task Each_kind_of_question_about_records_and_troubles_has_its_index()
    {
        const int Calls = 4_000;
        var host = await StartHostAsync();
        await host.AddAsync([.. Enumerable.Range(0, Calls).Select(i => MonitoringRecords.Record(i, i / 2, 10 * (i / 2), 1 + (i % 2)) with
        {
            Emitter = "one",
            Room = $"{i / 40}",
            OpaqueId = $"me{i / 2}",
            Outcome = i % 10 == 0 ? "failed" : "completed",
        })]);
        await host.SaveAsync([.. Enumerable.Range(0, Calls).Select(i => MonitoringRecords.Trouble($"trouble {i}", i, i % 400 == 0 ? null : i + 5) with
        {
            Subject = new TroubleSubject { Emitter = "one", Session = i / 2, Handle = 10 * (i / 2), Room = $"{i / 40}" },
        })]);
        // What is asked for by an index of its own is read by it once the database knows how many rows there are.
        await Store.QueryAsync(Dialect is MySql.MySqlDialect ? "ANALYZE TABLE peerconnections, troubles" : "ANALYZE");
        await using var connection = await StoreConnection.OpenAsync(CreateSource(), Dialect, CancellationToken.None, isReader: true);
        RelationalPeerConnectionStore records = new(CreateSource(), Dialect);
        RelationalTroubleStore troubles = new(CreateSource(), Dialect);

        foreach (var order in Enum.GetValues<EventOrder>())
        {
            foreach (var (what, query, expected) in s_recordPlans)
                expected.Should().Contain(await PlanOfAsync(records.FilterOf(query), order), $"records, {what}, {order}");
            foreach (var (what, query, expected) in s_troublePlans)
                expected.Should().Contain(await PlanOfAsync(troubles.FilterOf(query), order), $"troubles, {what}, {order}");
        }

        async Task<string> PlanOfAsync(RecordFilter filter, EventOrder order)
        {
            using RecordPages pages = new(connection, filter, order, limit: 10);
            return await PlanAsync(pages.Command);
        }
    }

    [Fact]
    public async Task The_latest_number_is_found_by_the_keys_alone()
    {
        await using var connection = await FillAsync();
        var existing = await SchemaReader.LoadAsync(connection, CancellationToken.None);

        (await LatestNumber.ReadAsync(connection, SchemaReader.Layouts(existing).Values, CancellationToken.None)).Should().Be(100 + Rows - 1);
    }

    [Fact]
    public async Task A_time_is_found_wherever_its_rows_stand()
    {
        var host = await StartHostAsync();
        // Five hours, one after the other, but that of the third came first and the last one second.
        int[] hours = [2, 5, 0, 1, 3, 4];
        await host.WriteAsync(Bodies.Of([.. hours.Select(hour => Bodies.Session(hour, time: Microseconds(s_start.AddHours(hour))))]));

        (await SessionsAsync(new EventQuery { From = s_start.AddHours(1), To = s_start.AddHours(4) })).Should().Equal(2, 1, 3);
        (await SessionsAsync(new EventQuery { From = s_start.AddHours(4) })).Should().Equal(5, 4);
        (await SessionsAsync(new EventQuery { To = s_start.AddHours(1) })).Should().Equal(0);
        (await SessionsAsync(new EventQuery { From = s_start.AddHours(6) })).Should().BeEmpty();

        async Task<IEnumerable<long?>> SessionsAsync(EventQuery query) => (await host.ReadAsync(query)).Select(e => e.SessionId);
    }

    /// <summary>The kind of database.</summary>
    private protected abstract SqlDialect Dialect { get; }

    /// <summary>The database, as the store has it.</summary>
    protected abstract DbDataSource CreateSource();

    /// <summary>The index that a statement reads its first table by, <c>id</c> for the primary key, and "sorted" where it sorts.</summary>
    protected abstract Task<string> PlanAsync(DbCommand command);

    /// <summary>How many rows a command gives, and how many the database reads for that, where it counts them.</summary>
    protected virtual async Task<(int Rows, long? Read)> RowsReadAsync(DbCommand command)
    {
        var rows = 0;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows++;
        return (rows, null);
    }

    /// <summary>A question in each order, with and without a limit, and as that of a later page.</summary>
    private static IEnumerable<(string How, EventQuery Query)> Ways(EventQuery query)
    {
        foreach (var order in Enum.GetValues<EventOrder>())
        {
            foreach (var limit in new int?[] { null, query.Limit ?? 10 })
            {
                var asked = query with { Order = order, Limit = limit };
                yield return ($"{order} {limit}", asked);
                var place = new EventPlace(100 + (7 * RowsOfSession) + (RowsOfSession / 2), 5);
                yield return ($"{order} {limit} behind a place", asked with { Continuation = EventContinuation.Write(asked, place) });
            }
        }
    }

    private async Task<List<string>> PlansAsync(TablePages pages)
    {
        List<string> plan = [];
        foreach (var command in pages.Commands)
            plan.Add(await PlanAsync(command));
        return plan;
    }

    /// <summary>The rows of a plan.</summary>
    protected static async Task<List<object[]>> ExplainAsync(DbCommand command, string explain)
    {
        command.CommandText = $"{explain} {command.CommandText}";
        List<object[]> rows = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    private async Task<StoreConnection> FillAsync()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        var connection = await StoreConnection.OpenAsync(CreateSource(), Dialect, CancellationToken.None, isReader: true);
        foreach (var chunk in Enumerable.Range(0, Rows).Chunk(5000))
        {
            var values = chunk.Select(i =>
            {
                var session = i / RowsOfSession;
                var time = s_start.AddSeconds(i).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
                return string.Create(CultureInfo.InvariantCulture, $"({100 + i}, {session}, {session * 10}, 'audio', 3, '{time}', 'one', 'me')");
            });
            await using var insert = connection.CreateReading();
            insert.CommandText =
                $"INSERT INTO stats (id, session, handle, medium, lostlocal, timestamp, emitter, opaque_id) VALUES {string.Join(", ", values)}";
            await insert.ExecuteNonQueryAsync();

            // A room of two participants for each two sessions.
            values = chunk.Where(i => i % RowsOfSession == 0).Select(i => i / RowsOfSession).SelectMany(session => new[] { "joined", "published", "subscribed" }
                .Select((what, part) =>
                {
                    var time = s_start.AddSeconds(session * RowsOfSession).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"({(10 * session) + part + 1}, 'plugins', 0, '{what}', 'one', 'janus.plugin.videoroom', '{session / 2}', '{session}', {session}, {session * 10}, 'me{session}', '{time}')");
                }));
            insert.CommandText =
                "INSERT INTO facts (arrival, tablename, part, what, emitter, plugin, room, participant, session, handle, opaque_id, timestamp) "
                + $"VALUES {string.Join(", ", values)}";
            await insert.ExecuteNonQueryAsync();
            insert.CommandText = "INSERT INTO plugins (id, session, handle, plugin, event) SELECT arrival, session, handle, plugin, '{}' FROM facts WHERE arrival NOT IN (SELECT id FROM plugins)";
            await insert.ExecuteNonQueryAsync();
        }

        return connection;
    }

    private static long Microseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
