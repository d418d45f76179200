using System.Text;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.MySql.Tests;

/// <summary>A database that was made with the published script is used as it is.</summary>
public abstract class PublishedTablesTests(TestServers servers) : ServerTests(servers)
{
    private const string Published =
        "'sessions', 'handles', 'core', 'sdps', 'ice', 'selectedpairs', 'dtls', 'connections', 'media', 'stats', 'plugins', 'transports'";

    private static readonly string s_script = File.ReadAllText(Repository.PathOf("tests", "data", "published.sql"));

    [Fact]
    public async Task A_call_is_stored_and_what_does_not_fit_is_kept_in_rejected()
    {
        var database = await CreateDatabaseAsync();
        await database.QueryAsync(s_script);
        var before = await DefinitionsAsync(database);
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        var bodies = Bodies.OfCapture("02-echotest").ToList();

        await host.WriteAllAsync(bodies, perBatch: 50);

        (await DefinitionsAsync(database)).Should().Equal(before);
        var events = bodies.SelectMany(b => b.Events).ToList();
        var tooLong = events.Where(e => e is JsepEvent { Sdp.Length: > 3000 }).ToList();
        tooLong.Should().NotBeEmpty();
        (await database.QueryAsync("SELECT bytes FROM rejected ORDER BY id")).Select(r => r[0])
            .Should().Equal(tooLong.Select(e => Encoding.UTF8.GetString(e.Json.Utf8.Span)));
        (await database.ValueAsync("SELECT count(*) FROM stats")).Should().Be($"{events.Count(e => e is MediaStatsEvent)}");
        (await database.ValueAsync("SELECT count(*) FROM transports")).Should().Be($"{events.Count(e => e is TransportEvent)}");
        (await database.ValueAsync("SELECT count(*) FROM sdps")).Should().Be($"{events.Count(e => e is JsepEvent) - tooLong.Count}");
        var created = events.OfType<SessionEvent>().First();
        (await database.QueryAsync("SELECT event, timestamp FROM sessions ORDER BY id LIMIT 1")).Should().ContainSingle()
            .Which.Should().Equal("created", $"{created.Timestamp:yyyy-MM-dd HH:mm:ss}");
        host.Log.From(LogLevel.Warning).Should().ContainSingle(line => line.Contains("UpgradeSchema", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_default_of_a_column_is_not_taken_for_what_Janus_sent()
    {
        var database = await CreateDatabaseAsync();
        await using (var first = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString)))
            await first.WriteAsync(Bodies.OfText("[ ]"));
        await database.QueryAsync(
            "ALTER TABLE stats ALTER lsr SET DEFAULT 7, ALTER rtt SET DEFAULT 8, ALTER mid SET DEFAULT 'a'; "
            + "ALTER TABLE plugins MODIFY opaque_id VARCHAR(255) NULL DEFAULT 'x'");
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        var events = Enumerable.Range(0, 100)
            .Select(i => Bodies.Event(32, $"\"subtype\":3,{Bodies.OfHandle(i)}", "\"media\":\"audio\",\"base\":48000"))
            .Append(Bodies.Plugin(100, "{}"))
            .ToArray();

        await host.WriteAsync(Bodies.Of(events));

        (await host.ReadAsync(new EventQuery())).Select(e => ExactJson.Canonical(e.Json.Utf8))
            .Should().Equal(events.Select(e => ExactJson.Canonical(Encoding.UTF8.GetBytes(e))));
        (await database.ValueAsync("SELECT COUNT(*) FROM stats WHERE lsr IS NULL AND rtt IS NULL AND mid IS NULL")).Should().Be("100");
        (await database.ValueAsync("SELECT COUNT(*) FROM plugins WHERE opaque_id IS NULL")).Should().Be("1");
    }

    [Theory]
    [InlineData("02-echotest")]
    [InlineData("07c-plain-combined-stats-no-server-name")]
    public async Task What_the_tables_take_is_read_back_equal(string capture)
    {
        var database = await CreateDatabaseAsync();
        await database.QueryAsync(s_script);
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        var bodies = Bodies.OfCapture(capture).ToList();

        await host.WriteAllAsync(bodies, perBatch: 50);

        var refused = (await database.QueryAsync("SELECT bytes FROM rejected")).Select(r => r[0]).ToHashSet();
        var taken = bodies.SelectMany(b => b.Events).Where(e => !refused.Contains($"{e.Json}"));
        (await host.ReadAsync(new EventQuery())).Select(e => ExactJson.Canonical(e.Json.Utf8))
            .Should().Equal(taken.Select(e => ExactJson.Canonical(e.Json.Utf8)));
    }

    [Fact]
    public async Task Rows_that_another_program_adds_meanwhile_keep_their_numbers()
    {
        var database = await CreateDatabaseAsync();
        await database.QueryAsync(s_script);
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        await database.QueryAsync("INSERT INTO sessions (session, event, timestamp) VALUES (2, 'created', now()), (3, 'created', now())");
        await host.WriteAsync(Bodies.Of(Bodies.Session(4), Bodies.Session(5)));

        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("1", "2", "3", "4", "5");
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
    }

    [Fact]
    public async Task Numbers_and_missing_values_that_do_not_fit_are_kept_in_rejected()
    {
        var database = await CreateDatabaseAsync();
        await database.QueryAsync(s_script);
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        string[] refused =
        [
            Bodies.Event(32, $"\"subtype\":3,{Bodies.OfHandle(1)}", "\"media\":\"audio\",\"packets-sent\":2147483648"),
            Bodies.Event(16, $"\"subtype\":5,{Bodies.OfHandle(1)}", "\"dtls\":\"connected\""),
        ];

        await host.WriteAsync(Bodies.Of(
            refused[0],
            Bodies.Event(32, $"\"subtype\":3,{Bodies.OfHandle(1)}", "\"media\":\"audio\",\"packets-sent\":2147483647"),
            refused[1],
            Bodies.Event(16, $"\"subtype\":5,{Bodies.OfHandle(1)}", "\"dtls\":\"connected\",\"stream_id\":1,\"component_id\":1")));

        (await database.QueryAsync("SELECT packetssent FROM stats")).Should().ContainSingle().Which.Should().Equal("2147483647");
        (await database.QueryAsync("SELECT state FROM dtls")).Should().ContainSingle().Which.Should().Equal("connected");
        (await database.QueryAsync("SELECT bytes FROM rejected")).Select(r => r[0]).Should().BeEquivalentTo(refused);
    }

    [Fact]
    public async Task Who_was_in_which_room_is_known_of_what_the_published_program_stored_and_of_what_comes()
    {
        var database = await CreateDatabaseAsync();
        await database.QueryAsync(s_script);

        // Its tables each count for themselves, so that numbers come several times.
        await database.QueryAsync(
            """
            INSERT INTO plugins (session, handle, plugin, event, timestamp) VALUES
              (100, 1, 'janus.plugin.videoroom', '{"event":"joined","room":1234,"id":5,"display":"Ann"}', '2016-07-01 12:00:00'),
              (200, 2, 'janus.plugin.videoroom', '{"event":"joined","room":1234,"id":6,"display":"Ben"}', '2016-07-01 12:00:01'),
              (200, 2, 'janus.plugin.videoroom', '{"event":"unpublished","room":1234,"id":6}', '2016-07-01 12:00:09');
            INSERT INTO handles (session, handle, event, plugin, timestamp) VALUES
              (100, 1, 'detached', 'janus.plugin.videoroom', '2016-07-01 12:00:05');
            INSERT INTO sessions (session, event, timestamp) VALUES (100, 'destroyed', '2016-07-01 12:00:06'), (200, 'timeout', '2016-07-01 12:01:00')
            """);
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(
            RoomEvents.VideoRoom(1, "joined", "1234", "7", 3, ",\"display\":\"Carl\""),
            RoomEvents.Stats(2, 3),
            RoomEvents.VideoRoom(3, "leaving", "1234", "7")));

        await host.RoomFacts.RebuildAsync();

        (await database.QueryAsync("SELECT display, began, ended FROM stays WHERE room = '1234' ORDER BY began")).Select(r => string.Join(' ', r)).Should().Equal(
            "Ann 2016-07-01 12:00:00.000000 2016-07-01 12:00:05.000000",
            "Ben 2016-07-01 12:00:01.000000 2016-07-01 12:01:00.000000",
            "Carl 2026-07-01 00:00:01.000000 2026-07-01 00:00:03.000000");
        (await host.ReadAsync(new EventQuery { Room = "1234" })).Select(e => e.GetType().Name).Should().BeEquivalentTo(
            "PluginEvent", "PluginEvent", "PluginEvent", "HandleEvent", "PluginEvent", "MediaStatsEvent", "PluginEvent");
    }

    [Fact]
    public async Task An_account_that_may_not_make_views_stores_all_the_same()
    {
        var database = await CreateDatabaseAsync();
        await database.QueryAsync($"CREATE USER 'v{database.Name}'@'%' IDENTIFIED BY 'x'; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, INDEX, ALTER ON {database.Name}.* TO 'v{database.Name}'@'%'");
        var account = database.ConnectionString.Split(';').Select(part => part.Split('=')[0] switch
        {
            "User ID" => $"User ID=v{database.Name}",
            "Password" => "Password=x",
            _ => part,
        });
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(string.Join(';', account)));

        await host.WriteAsync(Bodies.Of(RoomEvents.VideoRoom(1, "joined", "1234", "7", 3)));

        (await database.ValueAsync("SELECT count(*) FROM facts WHERE room = '1234'")).Should().Be("1");
        (await host.ReadAsync(new EventQuery { Room = "1234" })).Should().ContainSingle();
        host.Log.From(LogLevel.Warning).Should().ContainSingle(line => line.Contains("CREATE VIEW", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string?>> DefinitionsAsync(MariaDbDatabase database) =>
    [
        .. (await database.QueryAsync(
            $"SELECT concat_ws(' ', table_name, column_name, column_type, is_nullable, extra) FROM information_schema.columns " +
            $"WHERE table_schema = '{database.Name}' AND table_name IN ({Published}) ORDER BY 1")).Select(r => r[0]),
    ];
}
