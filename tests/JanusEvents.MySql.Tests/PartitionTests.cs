using System.Globalization;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace JanusEvents.MySql.Tests;

/// <summary>Tables that have a partition for each day on which rows arrived, and lose whole days.</summary>
public abstract class PartitionTests(TestServers servers) : ServerTests(servers), IAsyncDisposable
{
    private readonly ShiftedTime _time = new();
    private readonly List<StoreHost> _hosts = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_table_of_events_has_a_partition_for_each_of_the_next_days_and_one_for_what_is_later()
    {
        var database = await CreateDatabaseAsync();
        var host = await StartAsync(database, _ => { });
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        var tables = (await database.QueryAsync(
            "SELECT DISTINCT table_name FROM information_schema.partitions WHERE table_schema = DATABASE() AND partition_name IS NOT NULL"))
            .Select(row => row[0]);
        tables.Should().HaveCount(16).And.Contain(["sessions", "stats", "unknown"]);
        (await PartitionsAsync(database, "stats")).Should().Equal(Names(0, 1, 2, 3));
        var keys = await database.QueryAsync(
            "SELECT column_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'stats' AND index_name = 'PRIMARY' ORDER BY seq_in_index");
        keys.Select(row => row[0]).Should().Equal("id", "day");
        (await database.ValueAsync("SELECT day FROM sessions")).Should().Be(Day(0));
        host.Log.From(LogLevel.Warning).Should().BeEmpty();
    }

    [Theory]
    [InlineData("02-echotest")]
    [InlineData("07c-plain-combined-stats-no-server-name")]
    public async Task Rows_are_read_back_equal_and_the_published_queries_work(string capture)
    {
        var database = await CreateDatabaseAsync();
        var host = await StartAsync(database, _ => { });
        var bodies = Bodies.OfCapture(capture).ToList();
        await host.WriteAllAsync(bodies.Take(bodies.Count / 2), perBatch: 50);
        _time.Advance(TimeSpan.FromDays(1));
        await host.WriteAllAsync(bodies.Skip(bodies.Count / 2), perBatch: 50);

        (await host.ReadAsync(new EventQuery())).Select(e => ExactJson.Canonical(e.Json.Utf8))
            .Should().Equal(bodies.SelectMany(b => b.Events).Select(e => ExactJson.Canonical(e.Json.Utf8)));
        (await database.ValueAsync("SELECT count(DISTINCT day) FROM stats")).Should().Be("2");
        var handle = bodies.SelectMany(b => b.Events).OfType<HandleEvent>().First(e => e.Name == "attached");
        (await database.QueryAsync($"SELECT handle, plugin FROM handles WHERE session = {handle.SessionId} AND event = 'attached'"))
            .Should().Contain(row => row[0] == $"{handle.HandleId}" && row[1] == handle.Plugin);
    }

    [Fact]
    public async Task Whole_days_are_dropped_when_all_of_their_rows_are_old_and_days_to_come_are_made()
    {
        var database = await CreateDatabaseAsync();
        var host = await StartAsync(database, o =>
        {
            o.Retention.KeepDays = 2;
            o.Retention.Tables["plugins"] = 1;
        });
        for (var day = 0; day < 4; day++)
        {
            await host.WriteAsync(Bodies.Of(Bodies.Session(day), Bodies.Plugin(day, "{}")));
            await host.RemoveOldAsync();
            _time.Advance(TimeSpan.FromDays(1));
        }

        await host.RemoveOldAsync();

        // It is day 4: day 1 ended two days ago, but in the first hour of the day it is still there.
        (await SessionsAsync(database, "sessions")).Should().BeSubsetOf(["1", "2", "3"]).And.Contain(["2", "3"]);
        (await SessionsAsync(database, "plugins")).Should().BeSubsetOf(["2", "3"]).And.Contain("3");
        (await PartitionsAsync(database, "sessions")).Should().EndWith(Names(0, 1, 2, 3)).And.HaveCountLessThan(10);
        (await host.ReadAsync(new EventQuery())).OfType<SessionEvent>().Should().HaveCountLessThan(4);
        host.Log.From(LogLevel.Warning).Should().BeEmpty();
        host.Log.From(LogLevel.Information).Should().Contain(line => line.StartsWith("Dropped the partitions p"));
    }

    [Fact]
    public async Task What_came_on_days_without_a_partition_is_divided_when_a_host_comes_back()
    {
        var database = await CreateDatabaseAsync();
        var first = await StartAsync(database, o => o.Retention.KeepDays = 30);
        await first.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await first.RemoveOldAsync();
        await first.DisposeAsync();

        // Hosts that have no retention set fill in the day, and make no partitions.
        var other = await StartAsync(database, _ => { }, partitions: false);
        foreach (var day in new[] { 5, 6, 8 })
        {
            _time.Advance(TimeSpan.FromDays(day == 5 ? 5 : day == 6 ? 1 : 2));
            await other.WriteAsync(Bodies.Of(Bodies.Session(day)));
        }

        (await InPartitionAsync("pmax")).Should().Equal("5", "6", "8");
        _time.Advance(TimeSpan.FromDays(2));

        var again = await StartAsync(database, o => o.Retention.KeepDays = 30);
        await again.RemoveOldAsync();

        (await InPartitionAsync("pmax")).Should().BeEmpty();
        (await InPartitionAsync(Name(-5))).Should().Equal("5");
        (await InPartitionAsync(Name(-4))).Should().Equal("6");
        (await InPartitionAsync(Name(-2))).Should().Equal("8");
        (await SessionsAsync(database, "sessions")).Should().Equal("1", "5", "6", "8");
        (await PartitionsAsync(database, "sessions")).Should().EndWith(Names(0, 1, 2, 3));
        again.Log.From(LogLevel.Warning).Should().BeEmpty();

        async Task<List<string?>> InPartitionAsync(string name) =>
            [.. (await database.QueryAsync($"SELECT session FROM sessions PARTITION ({name}) ORDER BY id")).Select(row => row[0])];
    }

    [Fact]
    public async Task Too_many_rows_of_days_without_a_partition_are_named_and_go_one_by_one()
    {
        var database = await CreateDatabaseAsync();
        var host = await StartAsync(database, o => o.Retention.KeepDays = 2, partitions: true);
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await host.RemoveOldAsync();
        await host.DisposeAsync();
        string[] digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        var ten = string.Join(" UNION SELECT ", digits);
        await database.QueryAsync(
            $"INSERT INTO sessions (id, session, day) SELECT 100000 + a.n * 1000 + b.n * 100 + c.n * 10 + d.n, 2, '{Day(20)}' "
            + $"FROM (SELECT 0 n UNION SELECT {ten} UNION SELECT 10) a, (SELECT 0 n UNION SELECT {ten}) b, (SELECT 0 n UNION SELECT {ten}) c, (SELECT 0 n UNION SELECT {ten}) d; "
            + $"INSERT INTO sessions (id, session, day) VALUES (200000, 3, '{Day(22)}')");
        _time.Advance(TimeSpan.FromDays(21));

        var again = await StartAsync(database, o => o.Retention.KeepDays = 2);
        await again.RemoveOldAsync();
        (await database.ValueAsync("SELECT count(*) FROM sessions")).Should().Be("11001");
        again.Log.From(LogLevel.Warning).Should().ContainSingle().Which.Should()
            .StartWith("More than 10000 rows of table sessions").And.Contain("ALTER TABLE `sessions` REORGANIZE PARTITION `pmax`");

        _time.Advance(TimeSpan.FromDays(3));
        await again.RemoveOldAsync();
        (await SessionsAsync(database, "sessions")).Should().Equal("3");
        _time.Advance(TimeSpan.FromMinutes(11));
        await again.RemoveOldAsync();
        (await PartitionsAsync(database, "sessions")).Should().EndWith(Names(0, 1, 2, 3));
    }

    [Fact]
    public async Task Rows_that_another_program_adds_are_of_the_day_on_which_they_are_seen()
    {
        var database = await CreateDatabaseAsync();
        var host = await StartAsync(database, o => o.Retention.KeepDays = 30);
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await database.QueryAsync("INSERT INTO sessions (session, event, timestamp) VALUES (2, 'created', now())");

        _time.Advance(TimeSpan.FromDays(1));
        await host.RemoveOldAsync();

        (await database.QueryAsync("SELECT session, day FROM sessions ORDER BY id")).Select(row => $"{row[0]} {row[1]}")
            .Should().Equal($"1 {Day(-1)}", $"2 {Day(0)}");
    }

    [Fact]
    public async Task A_database_whose_tables_are_not_partitioned_is_named_and_loses_its_rows_one_by_one()
    {
        var database = await CreateDatabaseAsync();
        await using (var before = await StartAsync(database, _ => { }, partitions: false))
            await before.WriteAsync(Bodies.Of(Bodies.Session(1)));

        var host = await StartAsync(database, o => o.Retention.KeepDays = 30);
        await host.WriteAsync(Bodies.Of(Bodies.Session(2)));
        await host.RemoveOldAsync();
        host.Log.From(LogLevel.Warning).Should().ContainSingle()
            .Which.Should().StartWith("Retention.PartitionByDay is set, but the tables sessions, handles,");

        _time.Advance(TimeSpan.FromHours(2));
        await host.RemoveOldAsync();
        _time.Advance(TimeSpan.FromDays(31));
        await host.RemoveOldAsync();
        (await SessionsAsync(database, "sessions")).Should().BeEmpty();
        (await PartitionsAsync(database, "sessions")).Should().BeEmpty();
    }

    [Fact]
    public async Task Several_hosts_that_start_at_once_make_and_drop_partitions_without_a_failure()
    {
        var database = await CreateDatabaseAsync();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(database, o => o.Retention.KeepDays = 1)));
        for (var day = 0; day < 3; day++)
        {
            await Task.WhenAll(hosts.Select((h, i) => h.WriteUntilStoredAsync(Bodies.Of(Bodies.Session((day * 10) + i)))));
            _time.Advance(TimeSpan.FromDays(1));
            await Task.WhenAll(hosts.Select(h => h.RemoveOldAsync()));
        }

        await hosts[0].WriteAsync(Bodies.Of(Bodies.Session(99)));
        (await SessionsAsync(database, "sessions")).Should().Contain("99").And.Contain("20").And.NotContain("0");
        (await PartitionsAsync(database, "sessions")).Should().EndWith(Names(0, 1, 2, 3));
        hosts.SelectMany(h => h.Log.From(LogLevel.Warning)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_host_removes_nothing_while_another_does_and_takes_over_when_that_has_stopped()
    {
        var database = await CreateDatabaseAsync();
        var host = await StartAsync(database, o => o.Retention.KeepDays = 2, partitions: false);
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        _time.Advance(TimeSpan.FromHours(2));
        await host.RemoveOldAsync();

        // The host's own claim stays in the table when it is given up. A day, since a busy machine may take longer than a minute.
        await database.QueryAsync(
            "REPLACE INTO claims (name, owner, until) VALUES ('retention', UNHEX(REPEAT('ab', 16)), UTC_TIMESTAMP(6) + INTERVAL 1 DAY)");
        _time.Advance(TimeSpan.FromDays(3));
        await host.RemoveOldAsync();
        (await SessionsAsync(database, "sessions")).Should().Equal("1");

        await database.QueryAsync("UPDATE claims SET until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
        await host.RemoveOldAsync();
        (await SessionsAsync(database, "sessions")).Should().BeEmpty();
        host.Log.From(LogLevel.Warning).Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_without_partitions_gets_tables_without_and_the_log_says_so()
    {
        await using var server = await StartServerAsync("--skip-partition");
        var database = await server.CreateDatabaseAsync();
        var host = await StartAsync(database, o => o.Retention.KeepDays = 2);

        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await host.RemoveOldAsync();

        (await SessionsAsync(database, "sessions")).Should().Equal("1");
        host.Log.From(LogLevel.Warning).Should().ContainSingle().Which.Should().StartWith("Retention.PartitionByDay is set, but");
    }

    [Fact]
    public async Task What_is_read_while_partitions_are_changed_is_whole()
    {
        var database = await CreateDatabaseAsync();
        var host = await StartAsync(database, o => o.Retention.KeepDays = 30);
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Plugin(1, "{}"), Bodies.Sdp(1, "v=0")));
        await host.RemoveOldAsync();

        var changing = Task.Run(async () =>
        {
            for (var day = 100; day < 112; day++)
            {
                await database.QueryAsync(
                    $"ALTER TABLE sessions REORGANIZE PARTITION pmax INTO (PARTITION p{day} VALUES LESS THAN ('{Day(day)}'), PARTITION pmax VALUES LESS THAN (MAXVALUE))");
            }
        });
        do
            (await host.ReadAsync(new EventQuery())).Should().HaveCount(3);
        while (!changing.IsCompleted);
        await changing;
    }

    [Fact]
    public async Task A_query_that_runs_for_long_puts_a_change_off_and_holds_up_a_writer_for_a_moment()
    {
        var database = await CreateDatabaseAsync();
        var host = await StartAsync(database, o => o.Retention.KeepDays = 30);
        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(1)));
        await host.RemoveOldAsync();

        await using (var reader = new MySqlConnection($"{database.ConnectionString};Pooling=false"))
        {
            await reader.OpenAsync();
            var read = reader.CreateCommand();
            read.Transaction = await reader.BeginTransactionAsync();
            read.CommandText = "SELECT count(*) FROM sessions";
            await read.ExecuteScalarAsync();

            _time.Advance(TimeSpan.FromDays(1));
            var round = host.RemoveOldAsync();
            for (var n = 2; !round.IsCompleted; n++)
                await host.WriteAsync(Bodies.Of(Bodies.Session(n)));

            await round; // The query is not at its end: the writers waited for the change and not for it.
            host.Log.From(LogLevel.Warning).Should().ContainSingle().Which.Should().StartWith("The partitions of table sessions could not be changed");
        }

        _time.Advance(TimeSpan.FromMinutes(11));
        await host.RemoveOldAsync();
        (await PartitionsAsync(database, "sessions")).Should().EndWith(Names(0, 1, 2, 3));
    }

    [Fact]
    public async Task Without_the_right_to_change_tables_rows_go_to_the_last_partition_and_the_log_says_so()
    {
        var database = await CreateDatabaseAsync();
        await using (var host = await StartAsync(database, _ => { }))
            await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        var weak = $"weak{database.Name}"[..16];
        await database.QueryAsync(
            $"CREATE USER '{weak}'@'127.0.0.1' IDENTIFIED BY 's3cret-pass'; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON {database.Name}.* TO '{weak}'@'127.0.0.1'");
        await using var without = await StoreHost.StartAsync(
            builder => builder.AddMySql(
                database.ConnectionString.Replace("User ID=janus", $"User ID={weak}", StringComparison.Ordinal),
                o => o.Retention.PartitionByDay = true),
            services => services.AddSingleton<TimeProvider>(_time));

        _time.Advance(TimeSpan.FromDays(10));
        await without.WriteAsync(Bodies.Of(Bodies.Session(2)));
        await without.RemoveOldAsync();

        (await database.ValueAsync("SELECT session FROM sessions PARTITION (pmax)")).Should().Be("2");
        without.Log.From(LogLevel.Warning).Should().OnlyContain(line => line.Contains("may lack the privileges ALTER and DROP"));
        without.Log.From(LogLevel.Warning).Should().NotBeEmpty();
    }

    private async Task<StoreHost> StartAsync(MariaDbDatabase database, Action<EventStoreOptions> configure, bool partitions = true)
    {
        var host = await StoreHost.StartAsync(
            builder => builder.AddMySql(database.ConnectionString, options =>
            {
                options.Retention.PartitionByDay = partitions;
                configure(options);
            }),
            services => services.AddSingleton<TimeProvider>(_time));
        _hosts.Add(host);
        return host;
    }

    private string Day(int fromToday) => _time.GetUtcNow().AddDays(fromToday).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Name(int day) => $"p{Day(day).Replace("-", "", StringComparison.Ordinal)}";

    private string[] Names(params int[] days) => [.. days.Select(Name), "pmax"];

    private static async Task<List<string?>> SessionsAsync(MariaDbDatabase database, string table) =>
        [.. (await database.QueryAsync($"SELECT session FROM {table} ORDER BY id")).Select(row => row[0])];

    private static async Task<List<string?>> PartitionsAsync(MariaDbDatabase database, string table) =>
    [
        .. (await database.QueryAsync(
            "SELECT partition_name FROM information_schema.partitions WHERE table_schema = DATABASE() AND partition_name IS NOT NULL "
            + $"AND table_name = '{table}' ORDER BY partition_ordinal_position")).Select(row => row[0]),
    ];
}
