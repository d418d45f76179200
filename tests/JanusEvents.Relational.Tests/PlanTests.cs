using System.Data.Common;
using System.Globalization;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Reading;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests;

/// <summary>How a database goes about what <see cref="IEventStore"/> asks, and what the published text asks.</summary>
public abstract class PlanTests : StoreTests
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

    private static readonly (string Sql, string Plan)[] s_published =
    [
        ("SELECT medium, lostlocal FROM stats WHERE session = 7 AND handle = 70", "session_handle"),
        ("SELECT timestamp, jitterlocal FROM stats WHERE session = 7 AND handle = 70 AND medium = 'audio' ORDER BY id", "session_handle"),
        ("SELECT AVG(jitterlocal) FROM stats WHERE session = 7", "session_handle"),
        ("SELECT COUNT(*) FROM stats WHERE timestamp >= '2026-07-01 05:00:00'", "timestamp"),
    ];

    [InheritedFact]
    public async Task Each_kind_of_question_has_its_index()
    {
        await using var connection = await FillAsync();
        var existing = await SchemaReader.LoadAsync(connection, CancellationToken.None);
        var layout = SchemaReader.Layouts(existing)[EventTables.For(typeof(MediaStatsEvent))];

        foreach (var (what, query, expected) in s_plans)
        {
            await using TablePages pages = new(connection, layout, hasExtras: true, new TableFilter(query));
            List<string> plan = [];
            foreach (var command in pages.Commands)
                plan.Add(await PlanAsync(command));

            plan.Should().Equal(expected, what);
        }

        foreach (var (sql, expected) in s_published)
        {
            await using var command = connection.CreateReading();
            command.CommandText = sql;
            (await PlanAsync(command)).Should().Be(expected, sql);
        }
    }

    [InheritedFact]
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
        }

        return connection;
    }

    private static long Microseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
