using System.Collections.Concurrent;
using System.Data.Common;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Records;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace JanusEvents.MySql.Tests;

/// <summary>A database that was made with the published script is altered when asked, and keeps every row.</summary>
public abstract class UpgradeTests(TestServers servers) : ServerTests(servers)
{
    private static readonly string s_published = File.ReadAllText(Repository.PathOf("tests", "data", "published.sql"));

    private static readonly string[] s_tables =
        ["sessions", "handles", "core", "sdps", "ice", "selectedpairs", "dtls", "connections", "media", "stats", "plugins", "transports"];

    // As the program of 2016 wrote them: local times without fractions, and its own idea of what is worth keeping.
    private const string OldRows = """
        INSERT INTO sessions VALUES (3, 1001, 'created', '2016-05-01 10:00:00'), (4, 1001, 'destroyed', '2016-05-01 10:00:09');
        INSERT INTO handles VALUES (1, 1001, 77, 'attached', 'janus.plugin.echotest', '2016-05-01 10:00:01');
        INSERT INTO core VALUES (1, 'status', 'started', '2016-05-01 09:59:59');
        INSERT INTO sdps VALUES (1, 1001, 77, 1, 0, CONCAT('v=0\r\n', REPEAT('é', 2990)), '2016-05-01 10:00:02');
        INSERT INTO ice VALUES (1, 1001, 77, 1, 1, 'connected', '2016-05-01 10:00:03');
        INSERT INTO selectedpairs VALUES (1, 1001, 77, 1, 1, '10.0.0.1:1 <-> 10.0.0.2:2', '2016-05-01 10:00:03');
        INSERT INTO dtls VALUES (1, 1001, 77, 1, 1, 'connected', '2016-05-01 10:00:04');
        INSERT INTO connections VALUES (1, 1001, 77, 'webrtcup', '2016-05-01 10:00:04');
        INSERT INTO media VALUES (1, 1001, 77, 'audio', 1, '2016-05-01 10:00:05');
        INSERT INTO stats VALUES (1, 1001, 77, 'audio', 48000, NULL, 0, -1, 1, 2, 3, 4, 5000000000, 6, 7, 8, '2016-05-01 10:00:06');
        INSERT INTO plugins VALUES (1, NULL, NULL, 'janus.plugin.echotest', '{ "user": "Zoë" }', '2016-05-01 10:00:07');
        INSERT INTO transports VALUES (1, NULL, NULL, 'janus.transport.http', '{}', '2016-05-01 10:00:08');
        """;

    [Fact]
    public async Task Every_row_is_kept_the_tables_are_as_new_ones_and_a_second_time_nothing_is_done()
    {
        var database = await CreatePublishedAsync();
        await database.QueryAsync(OldRows);
        Ahead time = new();
        await using var host = await StartAsync(database, configure: services => services.AddSingleton<TimeProvider>(time));
        await host.WriteAllAsync(Bodies.OfCapture("02-echotest"), perBatch: 50);
        await host.WriteAllAsync(Bodies.OfCapture("07c-plain-combined-stats-no-server-name"), perBatch: 50);
        var rowsBefore = await PublishedRowsAsync(database, whole: false);
        var oldRowsBefore = await PublishedRowsAsync(database, whole: true);
        var before = await ReadAsync(host);
        ConcurrentQueue<SchemaUpgradeProgress> told = [];

        var done = await host.Schema.UpgradeAsync(new Told(told));

        done.ChangedTables.Should().BeEquivalentTo(s_tables);
        done.LeftAlone.Should().BeEmpty();
        done.Version.Should().Be(1);
        done.MovedRows.Should().BePositive();
        (await PublishedRowsAsync(database, whole: false)).Should().Equal(rowsBefore);
        (await PublishedRowsAsync(database, whole: true)).Should().Equal(oldRowsBefore);
        (await ReadAsync(host)).Should().Equal(before);
        (await database.ValueAsync("SELECT count(*) FROM extras")).Should().Be("0");
        (await database.ValueAsync("SELECT version FROM versions WHERE name = 'schema'")).Should().Be("1");
        (await DescribeAsync(database)).Should().Equal(await DescribeNewAsync());
        told.Where(p => p is { TableNumber: 0, Table: not null, Estimate: not null }).Select(p => p.Table).Should().BeEquivalentTo(s_tables);
        told.Select(p => p.TableNumber).Max().Should().Be(s_tables.Length);

        // The columns of what was stored before, by us, are as if it had been stored now.
        (await database.ValueAsync("SELECT count(*) FROM stats WHERE id > 1 AND emitter IS NULL AND opaque_id IS NULL AND mid IS NULL")).Should().Be("0");
        (await database.ValueAsync("SELECT count(*) FROM stats WHERE microsecond(timestamp) > 0")).Should().NotBe("0");
        (await database.ValueAsync("SELECT count(*) FROM stats WHERE part = 1")).Should().NotBe("0");

        var made = await CreationAsync(database);
        var again = await host.Schema.UpgradeAsync();
        again.DidNothing.Should().BeTrue();
        (await CreationAsync(database)).Should().Equal(made);

        // The host that was running all the while sees the new columns by itself.
        time.By = TimeSpan.FromMinutes(1);
        var large = Bodies.Sdp(5, new string('v', 20_000));
        await host.WriteUntilStoredAsync(Bodies.Of(large));
        (await ReadAsync(host)).Should().EndWith(ExactJson.Canonical(System.Text.Encoding.UTF8.GetBytes(large)));
        (await database.QueryAsync("INSERT INTO sessions (session, event, timestamp) VALUES (6, 'created', now()); SELECT max(id) FROM sessions"))
            .Should().ContainSingle();
    }

    [Fact]
    public async Task Hosts_write_meanwhile_and_everything_sent_is_read_back_once_and_in_order()
    {
        var database = await CreatePublishedAsync();
        await FillAsync(database, "stats", 40_000);
        await FillAsync(database, "sessions", 5_000);
        await using var one = await StartAsync(database);
        await using var other = await StartAsync(database);
        using CancellationTokenSource enough = new();
        ConcurrentDictionary<StoreHost, List<string>> sent = new();
        var writing = new[] { one, other }.Select((host, i) => Task.Run(async () =>
        {
            // As many as Janus sends, not as many as the machine can store.
            using PeriodicTimer next = new(TimeSpan.FromMilliseconds(10));
            for (long n = 0; !enough.IsCancellationRequested; n++)
            {
                await next.WaitForNextTickAsync();
                var session = ((i + 1) * 1_000_000) + n;
                string[] events =
                [
                    Bodies.Session(session),
                    Bodies.Event(32, $"\"subtype\":3,\"opaque_id\":\"o\",{Bodies.OfHandle(session)}", "\"media\":\"audio\",\"rtt\":7,\"new\":[1.50]"),
                ];
                await host.WriteUntilStoredAsync(Bodies.Of(events));
                sent.GetOrAdd(host, _ => []).AddRange(events);
            }
        })).ToList();
        await Wait.UntilAsync(() => sent.Values.Sum(s => s.Count) > 40, Wait.Limit, "the hosts to write");

        var schema = await StartAsync(database);
        await using (schema)
            await schema.Schema.UpgradeAsync();
        var atEnd = sent.Values.Sum(s => s.Count);
        await Wait.UntilAsync(() => sent.Values.Sum(s => s.Count) > atEnd + 40, Wait.Limit, "the hosts to go on");
        await enough.CancelAsync();
        await Task.WhenAll(writing);

        // What the hosts stored before they saw the new columns is read all the same.
        var read = await ReadAsync(one, new EventQuery { From = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000) });
        foreach (var (host, i) in new[] { one, other }.Select((h, i) => (h, i + 1)))
        {
            read.Where(e => SessionOf(e) / 1_000_000 == i)
                .Should().Equal(sent[host].Select(e => ExactJson.Canonical(System.Text.Encoding.UTF8.GetBytes(e))));
        }

        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
        await one.Schema.UpgradeAsync();
        (await database.ValueAsync("SELECT count(*) FROM extras")).Should().Be("0");
        (await ReadAsync(one, new EventQuery { From = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000) })).Should().Equal(read);
    }

    [Fact]
    public async Task The_tables_of_records_and_troubles_are_created_beside_the_published_ones()
    {
        foreach (var upgrade in new[] { true, false })
        {
            var database = await CreatePublishedAsync();
            await using var host = await StartAsync(database, upgrade);
            await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(1)));

            await host.AddAsync(MonitoringRecords.FullRecord());
            await host.SaveAsync(MonitoringRecords.FullTrouble());

            (await host.RecordsAsync()).Should().BeEquivalentTo([MonitoringRecords.FullRecord()]);
            (await host.TroublesAsync()).Should().BeEquivalentTo([MonitoringRecords.FullTrouble()]);
        }
    }

    [Fact]
    public async Task Several_hosts_upgrade_before_their_first_write()
    {
        var database = await CreatePublishedAsync();
        await database.QueryAsync(OldRows);
        await using var first = await StartAsync(database, upgrade: true);
        await using var second = await StartAsync(database, upgrade: true);
        await using var third = await StartAsync(database, upgrade: true);
        (await database.QueryAsync("SHOW TABLES")).Should().HaveCount(s_tables.Length, "starting waits for no database");
        var sdp = Bodies.Sdp(1, new string('v', 10_000));

        await Task.WhenAll(new[] { first, second, third }.Select((host, i) =>
            Task.Run(() => host.WriteUntilStoredAsync(Bodies.Of(sdp, Bodies.Session(i + 1))))));

        (await DescribeAsync(database)).Should().Equal(await DescribeNewAsync());
        (await database.ValueAsync("SELECT count(*) FROM sdps WHERE length(sdp) = 10000")).Should().Be("3");
        (await database.QueryAsync("SELECT session FROM sessions WHERE session < 1000 ORDER BY session")).Select(r => r[0]).Should().Equal("1", "2", "3");
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
        new[] { first, second, third }.Sum(h => h.Log.From(LogLevel.Information).Count(l => l.Contains("sdps (4 of 12): done", StringComparison.Ordinal)))
            .Should().Be(1);
    }

    [Fact]
    public async Task Of_two_upgrades_at_once_one_does_it_all()
    {
        var database = await CreatePublishedAsync();
        await FillAsync(database, "stats", 20_000);
        await using var one = await StartAsync(database);
        await using var other = await StartAsync(database);

        var done = await Task.WhenAll(one.Schema.UpgradeAsync(), other.Schema.UpgradeAsync());

        done.Select(d => d.ChangedTables.Count).Should().BeEquivalentTo([0, s_tables.Length]);
        (await DescribeAsync(database)).Should().Equal(await DescribeNewAsync());
        (await database.ValueAsync("SELECT count(*) FROM stats")).Should().Be("20000");
    }

    [Fact]
    public async Task An_upgrade_whose_connection_is_killed_inside_an_alter_goes_on_with_the_next()
    {
        var database = await CreatePublishedAsync();
        await FillAsync(database, "stats", 200_000);
        var stats = await ChecksumAsync(database);
        await using var host = await StartAsync(database);

        Exception? failure;
        await using (await ReadStatisticsAsync(database))
        {
            var upgrade = host.Schema.UpgradeAsync();
            string? id = null;
            await Wait.UntilAsync(
                async () => (id = (await CopyingAsync(database)).FirstOrDefault()) is not null || upgrade.IsCompleted,
                Wait.Limit,
                "the statistics to be copied");
            upgrade.IsCompleted.Should().BeFalse();
            await database.QueryAsync($"KILL {id}");
            failure = await upgrade.FailureAsync();
        }

        failure.Should().NotBeNull();
        (await database.ValueAsync("SELECT count(*) FROM versions")).Should().Be("0");
        var rest = await host.Schema.UpgradeAsync();
        rest.ChangedTables.Should().StartWith("stats").And.HaveCount(3);
        (await ChecksumAsync(database)).Should().Be(stats);
        (await DescribeAsync(database)).Should().Equal(await DescribeNewAsync());
        (await database.ValueAsync("SELECT version FROM versions")).Should().Be("1");
    }

    [Fact]
    public async Task An_upgrade_whose_server_is_killed_inside_an_alter_goes_on_when_it_is_back()
    {
        await using var server = await StartServerAsync();
        var database = await server.CreateDatabaseAsync();
        await database.QueryAsync(s_published);
        await FillAsync(database, "stats", 200_000);
        var stats = await ChecksumAsync(database);
        await using var host = await StartAsync(database, upgrade: true);
        var body = Bodies.Of(Bodies.Sdp(1, new string('v', 5000)));

        Task writing;
        await using (await ReadStatisticsAsync(database))
        {
            writing = host.WriteUntilStoredAsync(body);
            await Wait.UntilAsync(
                async () => (await CopyingAsync(database)).Any() || writing.IsCompleted, Wait.Limit, "the statistics to be copied");
            writing.IsCompleted.Should().BeFalse();
            await server.KillAsync();
        }

        await server.StartAgainAsync();
        await writing;

        (await ChecksumAsync(database)).Should().Be(stats);
        (await DescribeAsync(database)).Should().Equal(await DescribeNewAsync());
        (await database.ValueAsync("SELECT count(*) FROM sdps")).Should().Be("1");
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
    }

    [Fact]
    public async Task The_scripts_run_as_they_are_and_do_what_the_program_does()
    {
        var database = await CreatePublishedAsync();
        await database.QueryAsync(OldRows);
        await using var host = await StartAsync(database);
        await host.WriteAllAsync(Bodies.OfCapture("02-echotest"), perBatch: 50);
        var rows = await PublishedRowsAsync(database, whole: false);
        var events = await ReadAsync(host);

        var script = await host.Schema.UpgradeScriptAsync();
        await database.RunScriptAsync(script);

        var expected = await DescribeNewAsync();
        (await DescribeAsync(database)).Should().Equal(expected);
        (await PublishedRowsAsync(database, whole: false)).Should().Equal(rows);
        (await ReadAsync(host)).Should().Equal(events);
        (await database.ValueAsync("SELECT version FROM versions")).Should().Be("1");
        (await host.Schema.UpgradeScriptAsync()).Should().StartWith("-- Nothing to do").And.NotContain(";");

        var empty = await CreateDatabaseAsync();
        await empty.RunScriptAsync(host.Schema.CreateScript());
        await empty.RunScriptAsync(host.Schema.CreateScript());
        (await DescribeAsync(empty)).Should().Equal(expected);
        (await empty.ValueAsync("SELECT version FROM versions")).Should().Be("1");
    }

    [Fact]
    public async Task What_lies_in_extras_after_a_script_is_moved_by_the_hosts_between_their_batches()
    {
        var database = await CreatePublishedAsync();
        await using var before = await StartAsync(database);
        await before.WriteAllAsync(Bodies.OfCapture("07c-plain-combined-stats-no-server-name"), perBatch: 50);
        var events = await ReadAsync(before);
        await database.RunScriptAsync(await before.Schema.UpgradeScriptAsync());
        (await database.ValueAsync("SELECT count(*) FROM extras")).Should().NotBe("0");

        await using var host = await StartAsync(database);
        for (var i = 1; i < 50 && await database.ValueAsync("SELECT count(*) FROM extras") != "0"; i++)
            await host.WriteAsync(Bodies.Of(Bodies.Session(i)));

        (await database.ValueAsync("SELECT count(*) FROM extras")).Should().Be("0");
        (await ReadAsync(host)).Take(events.Count).Should().Equal(events);
    }

    [Fact]
    public async Task Values_that_are_not_strict_and_what_users_added_stay()
    {
        var database = await CreateDatabaseAsync();
        await database.QueryAsync(
            "SET SESSION sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO';"
            + s_published.Replace(");", ") ENGINE=MyISAM DEFAULT CHARACTER SET latin1;", StringComparison.Ordinal)
            + "INSERT INTO sessions VALUES (0, 1, 'naïve €', '0000-00-00'), (7, 2, '', '2016-02-31 10:00:00'), (2, 3, 'x', '2016-00-10');"
            + "ALTER TABLE sessions ADD COLUMN note VARCHAR(40) NOT NULL DEFAULT 'it''s' COMMENT 'theirs', ADD KEY events (event), ADD KEY session (note);"
            + "ALTER TABLE selectedpairs ADD KEY pairs (selected), MODIFY stream BIGINT UNSIGNED NOT NULL DEFAULT 5 COMMENT 'a\\\\b''c';"
            + "ALTER TABLE plugins MODIFY event LONGTEXT NOT NULL, MODIFY timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP;"
            + "SET time_zone = '+02:00'; INSERT INTO plugins VALUES (1, 1, 1, 'p', '{}', '2016-05-01 12:00:00');"
            + "ALTER TABLE stats ADD COLUMN rtt FLOAT;"
            + "ALTER TABLE core MODIFY value VARCHAR(400) NOT NULL");
        const string Sessions = "SELECT concat_ws('|', id, session, event, timestamp, note) FROM sessions ORDER BY session";
        var sessions = await database.QueryAsync("SET SESSION sql_mode = 'ALLOW_INVALID_DATES';" + Sessions.Replace("timestamp", "date_format(timestamp, '%Y-%m-%d %T')", StringComparison.Ordinal));
        await using var host = await StartAsync(database);

        var done = await host.Schema.UpgradeAsync();

        (await database.QueryAsync(Sessions.Replace("timestamp", "date_format(timestamp, '%Y-%m-%d %T')", StringComparison.Ordinal)))
            .Select(r => r[0]).Should().Equal(sessions.Select(r => r[0])).And.StartWith("0|1|naïve €|0000-00-00 00:00:00|it's");
        (await database.QueryAsync(
            $"SELECT concat_ws(' ', column_type, is_nullable, collation_name, column_comment) FROM information_schema.columns WHERE table_schema = '{database.Name}' AND column_name = 'note'"))
            .Should().ContainSingle().Which.Should().Equal("varchar(40) NO latin1_swedish_ci theirs");
        (await database.QueryAsync($"SELECT count(*) FROM information_schema.tables WHERE table_schema = '{database.Name}' AND engine <> 'InnoDB'"))[0][0].Should().Be("0");
        (await database.ValueAsync("SELECT timestamp FROM plugins")).Should().Be("2016-05-01 10:00:00.000000");
        (await TypeAsync(database, "core", "value")).Should().Be("varchar(400)");
        (await TypeAsync(database, "selectedpairs", "stream")).Should().StartWith("bigint").And.EndWith("unsigned");
        (await TypeAsync(database, "stats", "rtt")).Should().Be("float");
        done.LeftAlone.Should().Contain(l => l.Contains("stats.rtt", StringComparison.Ordinal));
        (await database.QueryAsync("SHOW KEYS FROM sessions")).Select(k => k[2]).Should().Contain(["events", "session", "session_", "timestamp"]);
        (await database.QueryAsync(
            $"SELECT column_default, column_comment FROM information_schema.columns WHERE table_schema = '{database.Name}' AND table_name = 'selectedpairs' AND column_name = 'stream'"))
            .Should().ContainSingle().Which.Should().Equal("5", @"a\b'c");
        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(9), Bodies.Plugin(9, "{}")));
        (await host.ReadAsync(new EventQuery())).Should().HaveCount(6);
        (await host.Schema.UpgradeAsync()).DidNothing.Should().BeTrue();
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_left_alone()
    {
        var database = await CreatePublishedAsync();
        await database.QueryAsync("CREATE TABLE versions (name VARCHAR(30) PRIMARY KEY, version BIGINT); INSERT INTO versions VALUES ('schema', 99)");
        await using var host = await StartAsync(database, upgrade: true);
        var made = await DescribeAsync(database);

        var done = await host.Schema.UpgradeAsync();
        (await DescribeAsync(database)).Should().Equal(made);
        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(1)));

        done.Version.Should().Be(99);
        done.LeftAlone.Should().ContainSingle(l => l.Contains("99", StringComparison.Ordinal));
        host.Log.From(LogLevel.Warning).Should().Contain(l => l.Contains("version 99", StringComparison.Ordinal));
        (await host.Schema.UpgradeScriptAsync()).Should().StartWith("-- The database is of version 99").And.NotContain(";");
        (await TypeAsync(database, "sdps", "sdp")).Should().Be("varchar(3000)");
    }

    [Fact]
    public async Task A_missing_privilege_changes_nothing_and_stops_nothing()
    {
        var database = await CreatePublishedAsync();
        await database.QueryAsync(
            $"CREATE USER '{database.Name}'@'127.0.0.1' IDENTIFIED BY 'p'; GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON {database.Name}.* TO '{database.Name}'@'127.0.0.1'");
        await using (var weak = await StoreHost.StartAsync(builder => builder.AddMySql(
            $"Server=127.0.0.1;Port={database.Server.Port};User ID={database.Name};Password=p;Database={database.Name};SslMode=Disabled",
            options => options.UpgradeSchema = true)))
        {
            await weak.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(1)));
            (await weak.Schema.UpgradeAsync().FailureAsync()).Should().BeAssignableTo<InvalidOperationException>()
                .Which.Message.Should().Contain("sessions: ").And.Contain("denied");
            weak.Log.From(LogLevel.Error).Should().ContainSingle();
        }

        await using var host = await StartAsync(database);
        var done = await host.Schema.UpgradeAsync();

        done.ChangedTables.Should().HaveCount(s_tables.Length);
        (await database.ValueAsync("SELECT count(*) FROM sessions")).Should().Be("1");
    }

    [Fact]
    public async Task Beside_a_table_of_another_program_nothing_is_changed()
    {
        var database = await CreatePublishedAsync();
        await database.QueryAsync(
            "DROP TABLE core; CREATE TABLE core (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, apple INT); INSERT INTO core VALUES (1, 2)");
        await using var host = await StartAsync(database);
        var before = await DescribeAsync(database);

        var failure = await host.Schema.UpgradeAsync().FailureAsync();

        failure!.Message.Should().Contain("core (without the columns name, value, timestamp)");
        (await DescribeAsync(database)).Should().Equal(before);
        (await database.QueryAsync("SELECT * FROM core")).Should().ContainSingle().Which.Should().Equal("1", "2");
    }

    private static long SessionOf(string canonical)
    {
        var name = $"\"{Convert.ToHexString(System.Text.Encoding.BigEndianUnicode.GetBytes("session_id"))}\":";
        var start = canonical.IndexOf(name, StringComparison.Ordinal) + name.Length;
        return long.Parse(canonical[start..canonical.IndexOfAny([',', '}'], start)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task<StoreHost> StartAsync(MariaDbDatabase database, bool upgrade = false, Action<IServiceCollection>? configure = null) =>
        StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString, options => options.UpgradeSchema = upgrade), configure);

    private async Task<MariaDbDatabase> CreatePublishedAsync()
    {
        var database = await CreateDatabaseAsync();
        await database.QueryAsync(s_published);
        return database;
    }

    /// <summary>Many rows of 2016.</summary>
    private static async Task FillAsync(MariaDbDatabase database, string table, int rows)
    {
        var values = table == "stats"
            ? "1001, 77, 'audio', 48000, NULL, 0, 1, 1, 2, 3, 4, 5000000000, 6, 7, 8, '2016-05-01 10:00:06'"
            : "1001, 'created', '2016-05-01 10:00:00'";
        var columns = table == "stats"
            ? "session, handle, medium, base, lsr, lostlocal, lostremote, jitterlocal, jitterremote, packetssent, packetsrecv, bytessent, bytesrecv, nackssent, nacksrecv, timestamp"
            : "session, event, timestamp";
        const string Hundred =
            "(SELECT 1 FROM information_schema.collations LIMIT 100)";
        await database.QueryAsync(
            $"INSERT INTO {table} ({columns}) SELECT {values} FROM {Hundred} a, {Hundred} b, {Hundred} c LIMIT {rows}");
    }

    private static Task<string?> ChecksumAsync(MariaDbDatabase database) =>
        database.ValueAsync("SELECT concat(count(*), ' ', sum(id), ' ', sum(bytessent), ' ', max(timestamp) - interval 0 second = '2016-05-01 10:00:06') FROM stats");

    /// <summary>The connections that copy the statistics, or have copied them and wait for who reads them.</summary>
    private static async Task<IEnumerable<string?>> CopyingAsync(MariaDbDatabase database) => (await database.QueryAsync(
        $"SELECT id FROM information_schema.processlist WHERE db = '{database.Name}' AND info LIKE 'ALTER TABLE `stats`%' "
        + "AND state IN ('copy to tmp table', 'Waiting for table metadata lock')"))
        .Select(r => r[0]);

    /// <summary>Reads in the statistics until it is disposed: no ALTER of them ends before.</summary>
    private static async Task<DbConnection> ReadStatisticsAsync(MariaDbDatabase database)
    {
        var connection = new MySqlConnection($"{database.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "START TRANSACTION; SELECT id FROM stats LIMIT 1";
        await command.ExecuteScalarAsync();
        return connection;
    }

    /// <summary>What the published columns hold: of all rows without fractions of a second, or of those of 2016 whole.</summary>
    private static async Task<IReadOnlyList<string?>> PublishedRowsAsync(MariaDbDatabase database, bool whole)
    {
        List<string?> rows = [];
        foreach (var definition in s_published.Split('\n').Where(l => l.StartsWith("CREATE TABLE", StringComparison.Ordinal)))
        {
            var table = definition.Split(' ')[2];
            var columns = definition[(definition.IndexOf('(', StringComparison.Ordinal) + 1)..].Split(", ")
                .Select(c => c.Split(' ')[0]).Select(c => c == "timestamp" ? "date_format(timestamp, '%Y-%m-%d %T')" : $"coalesce({c}, 'none')");
            rows.AddRange((await database.QueryAsync(
                $"SELECT concat_ws('|', {string.Join(", ", columns)}) FROM {table} {(whole ? "WHERE year(timestamp) = 2016" : "")} ORDER BY id")).Select(r => r[0]));
        }

        return rows;
    }

    private static async Task<List<string>> ReadAsync(StoreHost host, EventQuery? query = null) =>
        [.. (await host.ReadAsync(query ?? new EventQuery())).Select(e => ExactJson.Canonical(e.Json.Utf8))];

    /// <summary>The tables as a host makes them in an empty database.</summary>
    private async Task<IReadOnlyList<string?>> DescribeNewAsync()
    {
        var database = await CreateDatabaseAsync();
        await using var host = await StartAsync(database);
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        return await DescribeAsync(database);
    }

    private static async Task<IReadOnlyList<string?>> DescribeAsync(MariaDbDatabase database) =>
    [
        .. (await database.QueryAsync(
            "SELECT concat_ws(' ', table_name, ordinal_position, column_name, data_type, character_maximum_length, datetime_precision, is_nullable, "
            + "collation_name, coalesce(column_default, 'NULL'), extra, column_comment) "
            + $"FROM information_schema.columns WHERE table_schema = '{database.Name}' ORDER BY table_name, ordinal_position;"
            + "SELECT concat_ws(' ', table_name, index_name, seq_in_index, column_name, sub_part, non_unique) "
            + $"FROM information_schema.statistics WHERE table_schema = '{database.Name}' ORDER BY table_name, index_name, seq_in_index;"
            + $"SELECT concat_ws(' ', table_name, engine, table_collation) FROM information_schema.tables WHERE table_schema = '{database.Name}' ORDER BY table_name"))
            .Select(r => r[0]),
    ];

    private static async Task<IReadOnlyList<string?>> CreationAsync(MariaDbDatabase database) =>
    [
        .. (await database.QueryAsync(
            $"SELECT concat(table_name, ' ', create_time) FROM information_schema.tables WHERE table_schema = '{database.Name}' ORDER BY table_name"))
            .Select(r => r[0]),
    ];

    private static async Task<string?> TypeAsync(MariaDbDatabase database, string table, string column) => await database.ValueAsync(
        $"SELECT column_type FROM information_schema.columns WHERE table_schema = '{database.Name}' AND table_name = '{table}' AND column_name = '{column}'");

    private sealed class Told(ConcurrentQueue<SchemaUpgradeProgress> told) : IProgress<SchemaUpgradeProgress>
    {
        public void Report(SchemaUpgradeProgress value) => told.Enqueue(value);
    }

    private sealed class Ahead : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(By.TotalSeconds * TimestampFrequency);
    }
}
