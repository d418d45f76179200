using System.Globalization;
using System.Text.RegularExpressions;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.MySql.Tests;

/// <summary>The SQL of <c>docs/time.md</c>, as it stands there, gives what the page says.</summary>
public sealed partial class TimePageTests(TimePageFixture fixture) : IClassFixture<TimePageFixture>
{
    private const string Zone = "America/St_Johns";

    // Newfoundland, 8 March 2026: a day of 23 hours, from 03:30 to 02:30 UTC; clocks go from 02:00 to 03:00 at 05:30 UTC.
    private static readonly (long Session, string Utc)[] s_sessions =
    [
        (1, "2026-03-08 03:29:59.999999"), (2, "2026-03-08 03:30:00.000000"), (3, "2026-03-08 05:29:59.999999"),
        (4, "2026-03-08 05:30:00.000000"), (5, "2026-03-08 05:45:00.000000"), (6, "2026-03-09 02:29:59.999999"),
        (7, "2026-03-09 02:30:00.000000"), (11, "2026-07-01 12:00:00.123456"),
    ];

    private static readonly Dictionary<string, string> s_sql = Fence()
        .Matches(File.ReadAllText(Repository.PathOf("docs", "time.md")))
        .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["sql"].Value);

    [FactNeeding(Capabilities.MariaDb | Capabilities.Cultures)]
    public async Task Local_time_is_asked_of_MariaDB()
    {
        var database = await (await fixture.ServerWithZonesAsync()).CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of([.. s_sessions.Select(Session), SessionOfNow()]));

        (await LinesAsync("zones")).Should().Equal("2026-07-01 09:30:00");
        (await LinesAsync("offset")).Should().Equal("11 created 2026-07-01 09:30:00.123456");
        (await LinesAsync("named")).Should().Equal("11 created 2026-07-01 09:30:00.123456");
        (await LinesAsync("day")).Should().Equal("2 created", "3 created", "4 created", "5 created", "6 created");
        (await LinesAsync("hours")).Should().Equal("2026-03-08 00:00 1", "2026-03-08 01:00 1", "2026-03-08 03:00 2", "2026-03-08 23:00 1");
        (await LinesAsync("last")).Should().Equal("99 created");
        (await database.ValueAsync("SELECT CONVERT_TZ('2040-01-01 00:00:00', '+00:00', '-02:30')")).Should().Be("2040-01-01 00:00:00");
        (await database.ValueAsync($"SELECT CONVERT_TZ('2026-11-01 01:30:00', '{Zone}', '+00:00')")).Should().Be("2026-11-01 04:00:00");

        // Enough rows that the index is worth it.
        await database.QueryAsync("INSERT INTO sessions (session, event, timestamp) SELECT seq, 'created', '2025-01-01' + INTERVAL seq MINUTE FROM seq_1_to_5000; ANALYZE TABLE sessions");
        foreach (var name in new[] { "day", "hours", "last" })
            (await database.QueryAsync($"EXPLAIN {s_sql[$"mariadb {name}"]}")).Should().ContainSingle().Which[5].Should().Be("timestamp", name);

        async Task<IEnumerable<string>> LinesAsync(string name) =>
            (await database.QueryAsync(s_sql[$"mariadb {name}"])).Select(row => string.Join(' ', row));
    }

    [FactNeeding(Capabilities.Sqlite | Capabilities.Cultures)]
    public async Task Local_time_is_asked_of_SQLite()
    {
        using var folder = new TemporaryFolder();
        await using var host = await StoreHost.StartAsync(builder => builder.AddSqlite($"Data Source={folder["events.db"]}"));
        await host.WriteAsync(Bodies.Of([.. s_sessions.Select(Session), SessionOfNow()]));

        (await LinesAsync(s_sql["sqlite local"])).Should().Equal("11|created|2026-07-01 09:30:00");
        (await LinesAsync(s_sql["sqlite offset"])).Should().Equal("11|created|2026-07-01 09:30:00");
        (await LinesAsync(s_sql["sqlite day"])).Should().Equal("2|created", "3|created", "4|created", "5|created", "6|created");
        (await LinesAsync(s_sql["sqlite last"])).Should().Equal("99|created");
        foreach (var name in new[] { "day", "last" })
            (await LinesAsync($"EXPLAIN QUERY PLAN {s_sql[$"sqlite {name}"]}")).Should().Contain(line => line.Contains("sessions_timestamp"), name);

        async Task<IReadOnlyList<string>> LinesAsync(string sql)
        {
            await using var sqlite = ChildProcess.Start(
                ["sqlite3", folder["events.db"], sql], folder.Path, environment: new Dictionary<string, string?> { ["TZ"] = Zone });
            (await sqlite.WaitForExitAsync(Wait.Limit)).Should().Be(0, sqlite.Output);
            return sqlite.Lines;
        }
    }

    [FactNeeding(Capabilities.MariaDb | Capabilities.Cultures)]
    public async Task Rows_of_the_published_program_are_told_apart_before_an_upgrade()
    {
        var database = await (await fixture.ServerWithZonesAsync()).CreateDatabaseAsync();
        await database.QueryAsync(await File.ReadAllTextAsync(Repository.PathOf("tests", "data", "published.sql")));
        await StoreOldRowAsync(database);
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(Session(s_sessions[^1])));

        (await database.QueryAsync(s_sql["mariadb old-published"])).Should().ContainSingle()
            .Which.Should().Equal("1", "10", "created", "2026-07-01 09:30:00");
        (await database.ValueAsync("SELECT timestamp FROM sessions WHERE session = 11")).Should().Be("2026-07-01 12:00:00");
    }

    [FactNeeding(Capabilities.MariaDb | Capabilities.Cultures)]
    public async Task Rows_of_the_published_program_are_told_apart_after_an_upgrade_and_brought_to_UTC()
    {
        var database = await (await fixture.ServerWithZonesAsync()).CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(Session(s_sessions[0])));
        await StoreOldRowAsync(database);
        await host.WriteAsync(Bodies.Of(Session(s_sessions[^1])));

        (await database.QueryAsync(s_sql["mariadb old"])).Should().ContainSingle()
            .Which.Skip(1).Should().Equal("10", "created", "2026-07-01 09:30:00.000000");
        await database.QueryAsync(s_sql["mariadb old-to-utc"]);

        (await database.QueryAsync("SELECT timestamp FROM sessions ORDER BY session")).Select(row => row[0])
            .Should().Equal("2026-03-08 03:29:59.999999", "2026-07-01 12:00:00.000000", "2026-07-01 12:00:00.123456");
    }

    // As the published program does: its own local time, without a fraction.
    private static Task<IReadOnlyList<string?[]>> StoreOldRowAsync(MariaDbDatabase database) =>
        database.QueryAsync("INSERT INTO sessions (session, event, timestamp) VALUES (10, 'created', '2026-07-01 09:30:00')");

    private static string Session((long Session, string Utc) session) => Bodies.Session(
        session.Session,
        time: (DateTime.Parse(session.Utc, CultureInfo.InvariantCulture) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    private static string SessionOfNow() => Bodies.Session(99, time: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000);

    [GeneratedRegex("^```sql (?<name>\\S+ \\S+)\n(?<sql>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
