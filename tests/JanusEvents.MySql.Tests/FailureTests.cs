using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace JanusEvents.MySql.Tests;

/// <summary>What failures of the server mean, and that the sink outlives them.</summary>
public sealed class FailureTests(MariaDbFixture fixture) : IClassFixture<MariaDbFixture>
{
    private static readonly MySqlDialect s_dialect = new();

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData("INSERT INTO t (c, a) VALUES (1, '12345')", 1406, "Data")]
    [InlineData("INSERT INTO t (c, b) VALUES (1, 300)", 1264, "Data")]
    [InlineData("INSERT INTO t (c, b) VALUES (1, 'x')", 1366, "Data")]
    [InlineData("INSERT INTO t (c) VALUES (NULL)", 1048, "Data")]
    [InlineData("INSERT INTO t (a) VALUES ('a')", 1364, "Data")]
    [InlineData("INSERT INTO t (c, d) VALUES (1, 'x')", 1292, "Data")]
    [InlineData("INSERT INTO t (c, e) VALUES (1, 'x')", 1265, "Data")]
    [InlineData("INSERT INTO sessions VALUES (1)", 1146, "MissingTable")]
    [InlineData("INSERT INTO missing VALUES (1)", 1146, "Statement")]
    [InlineData("INSERT INTO t (missing) VALUES (1)", 1054, "Statement")]
    [InlineData("INSERT INTO nowhere.t VALUES (1)", 1146, "Statement")]
    [InlineData("INSERT INTO t (a) VALUE", 1064, "Statement")]
    [InlineData("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1020", 1020, "Repeat")]
    [InlineData("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1114", 1114, "Store")]
    [InlineData("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1290", 1290, "Store")]
    [InlineData("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1047", 1047, "Store")]
    [InlineData("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1836", 1836, "Store")]
    [InlineData("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 3101", 3101, "Repeat")]
    public async Task A_refusal_of_the_server_means(string sql, int number, string kind)
    {
        var database = await fixture.CreateDatabaseAsync();
        await database.QueryAsync("CREATE TABLE t (a VARCHAR(4), b TINYINT, c INT NOT NULL, d DATETIME, e ENUM('one'))");
        await using var dataSource = MySqlSources.Create(database.ConnectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        await s_dialect.PrepareSessionAsync(connection, isReader: false);

        var failure = await FailureOfAsync(connection, sql);

        (ServerError.NumberOf(failure), $"{s_dialect.Classify(failure)}").Should().Be((number, kind));
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData("SIGNAL SQLSTATE '08S01' SET MYSQL_ERRNO = 1047, MESSAGE_TEXT = 'WSREP has not yet prepared node for application use'", true)]
    [InlineData("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1836, MESSAGE_TEXT = 'Running in read-only mode'", true)]
    [InlineData("CREATE TABLE new (a INT)", true)]
    [InlineData("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1290, MESSAGE_TEXT = 'running with the --skip-partition option'", false)]
    [InlineData("SIGNAL SQLSTATE '40000' SET MYSQL_ERRNO = 3101", false)]
    [InlineData("INSERT INTO missing VALUES (1)", false)]
    public async Task Connections_to_a_server_that_takes_no_writes_are_not_used_again(string sql, bool isLeft)
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        var dialect = new MySqlDialect();

        // Whom --read-only concerns.
        await database.QueryAsync("CREATE USER app@'127.0.0.1'; GRANT ALL ON *.* TO app@'127.0.0.1'; REVOKE READ ONLY ADMIN ON *.* FROM app@'127.0.0.1'");
        await using var dataSource = MySqlSources.Create($"Server=127.0.0.1;Port={server.Port};User ID=app;Database={database.Name};SslMode=Disabled");
        var first = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None, isReader: true);
        var idle = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None, isReader: true);
        List<long> sessions = [await SessionOfAsync(first), await SessionOfAsync(idle)];
        await idle.DisposeAsync();

        if (sql.StartsWith("CREATE", StringComparison.Ordinal))
            await database.QueryAsync("SET GLOBAL read_only = 1");
        await first.Awaiting(connection => connection.ExecuteAsync(sql)).Should().ThrowAsync<MySqlException>();
        first.IsBroken.Should().Be(isLeft);
        await first.DisposeAsync();

        await using var second = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None, isReader: true);
        sessions.Contains(await SessionOfAsync(second)).Should().Be(!isLeft);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_deadlock_and_a_lock_that_takes_too_long_are_repeated()
    {
        var database = await fixture.CreateDatabaseAsync();
        await database.QueryAsync("CREATE TABLE t (a INT PRIMARY KEY, b INT); INSERT INTO t VALUES (1, 1), (2, 2)");
        await using var dataSource = MySqlSources.Create(database.ConnectionString);
        await using var one = await dataSource.OpenConnectionAsync();
        await using var other = await dataSource.OpenConnectionAsync();
        foreach (var connection in new[] { one, other })
        {
            await s_dialect.PrepareSessionAsync(connection, isReader: false);
            await RunAsync(connection, "BEGIN");
        }

        await RunAsync(one, "UPDATE t SET b = 9 WHERE a = 1");
        await RunAsync(other, "UPDATE t SET b = 9 WHERE a = 2");
        var tooLong = await FailureOfAsync(other, "UPDATE t SET b = 8 WHERE a = 1");
        var waiting = Task.Run(() => RunAsync(one, "UPDATE t SET b = 8 WHERE a = 2"));
        await Wait.UntilAsync(
            async () => await database.ValueAsync(
                "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'") != "0",
            Wait.Limit,
            "a transaction to wait for a lock");
        var deadlock = await Task.WhenAll(waiting, Task.Run(() => RunAsync(other, "UPDATE t SET b = 7 WHERE a = 1"))).FailureAsync();

        (ServerError.NumberOf(tooLong), s_dialect.Classify(tooLong)).Should().Be((1205, FailureKind.Repeat));
        (ServerError.NumberOf(deadlock!), s_dialect.Classify(deadlock!)).Should().Be((1213, FailureKind.Repeat));
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_server_that_cannot_be_reached_or_forbids_is_a_failure_of_the_store()
    {
        var database = await fixture.CreateDatabaseAsync();
        string[] connectionStrings =
        [
            database.ConnectionString.Replace("Password=", "Password=wrong", StringComparison.Ordinal),
            database.ConnectionString.Replace($"Database={database.Name}", "Database=nowhere", StringComparison.Ordinal),
            database.ConnectionString.Replace($"Port={database.Server.Port}", $"Port={FreePort.Next()}", StringComparison.Ordinal),
        ];
        foreach (var connectionString in connectionStrings)
        {
            await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(connectionString));

            var failure = await host.WriteAsync(Bodies.Of(Bodies.Session(1))).AsTask().FailureAsync();

            failure!.Message.Should().StartWith("The database 127.0.0.1 cannot be opened: ");
            s_dialect.Classify(failure!).Should().Be(FailureKind.Store);
        }
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_user_who_lacks_a_right_rejects_nothing_and_all_is_stored_once_it_is_granted()
    {
        var database = await fixture.CreateDatabaseAsync();
        var user = $"u_{database.Name}";
        await database.QueryAsync($"CREATE USER {user}@'127.0.0.1' IDENTIFIED BY 'p'; GRANT CREATE, SELECT, UPDATE ON {database.Name}.* TO {user}@'127.0.0.1'");
        await using var host = await StartAsAsync(database, user);
        var body = Bodies.Of(Bodies.Session(1), Bodies.Plugin(1, "{}"));

        var failure = await host.WriteAsync(body).AsTask().FailureAsync();
        await database.QueryAsync($"GRANT INSERT ON {database.Name}.* TO {user}@'127.0.0.1'");
        await host.WriteAsync(body);

        (ServerError.NumberOf(failure!), s_dialect.Classify(failure!)).Should().Be((1142, FailureKind.Store));
        (await database.ValueAsync("SELECT count(*) FROM sessions")).Should().Be("1");
        (await database.ValueAsync("SELECT count(*) FROM plugins")).Should().Be("1");
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_read_only_server_rejects_nothing_and_all_is_stored_once_it_may_be_written()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await database.QueryAsync($"CREATE USER u@'127.0.0.1' IDENTIFIED BY 'p'; GRANT CREATE, SELECT, INSERT, UPDATE ON {database.Name}.* TO u@'127.0.0.1'");
        await using var host = await StartAsAsync(database, "u");
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        var body = Bodies.Of(Bodies.Session(2));

        await database.QueryAsync("SET GLOBAL read_only = 1");
        var failure = await host.WriteAsync(body).AsTask().FailureAsync();
        await database.QueryAsync("SET GLOBAL read_only = 0");
        await host.WriteAsync(body);

        (ServerError.NumberOf(failure!), s_dialect.Classify(failure!)).Should().Be((1290, FailureKind.Store));
        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("1", "2");
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_was_killed_takes_the_batch_when_it_is_back(bool pooled)
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var pool = new MySqlDataSource($"{database.ConnectionString};Pooling=true");
        await using var host = await StoreHost.StartAsync(
            builder => _ = pooled ? builder.AddMySql(pool) : builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        var body = Bodies.Of(Bodies.Session(2), Bodies.Plugin(2, "{}"));

        await server.KillAsync();
        var down = await host.WriteAsync(body).AsTask().FailureAsync();
        await server.StartAgainAsync();
        await host.WriteUntilStoredAsync(body);

        s_dialect.Classify(down!).Should().Be(FailureKind.Store);
        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("1", "2");
        (await database.ValueAsync("SELECT count(*) FROM plugins")).Should().Be("1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_connection_that_the_server_ended_is_replaced()
    {
        var database = await fixture.CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        var id = await database.ValueAsync($"SELECT id FROM information_schema.processlist WHERE db = '{database.Name}' AND user = 'janus'");

        await database.QueryAsync($"KILL {id}");
        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(2)));

        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("1", "2");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_table_that_somebody_locks_for_long_is_waited_for_and_no_connection_is_left_behind()
    {
        var database = await fixture.CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        var body = Bodies.Of(Bodies.Session(2), Bodies.Plugin(2, "{}"));

        var locking = database.QueryAsync("LOCK TABLES plugins WRITE; SELECT SLEEP(7)");
        await Wait.UntilAsync(
            async () => await database.ValueAsync("SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'") == "1",
            Wait.Limit,
            "the table to be locked");
        await host.WriteUntilStoredAsync(body);

        await locking;
        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("1", "2");
        (await database.ValueAsync("SELECT count(*) FROM plugins")).Should().Be("1");
        (await database.ValueAsync($"SELECT count(*) FROM information_schema.processlist WHERE db = '{database.Name}' AND user = 'janus'"))
            .Should().Be("1");
    }

    private static Task<StoreHost> StartAsAsync(MariaDbDatabase database, string user) =>
        StoreHost.StartAsync(builder => builder.AddMySql(
            $"Server=127.0.0.1;Port={database.Server.Port};User ID={user};Password=p;Database={database.Name};SslMode=Disabled"));

    private static async Task<Exception> FailureOfAsync(DbConnection connection, string sql) =>
        await RunAsync(connection, sql).FailureAsync() ?? throw new InvalidOperationException($"The server took: {sql}");

    private static async Task<long> SessionOfAsync(StoreConnection connection) => (await connection.NumberAsync("SELECT CONNECTION_ID()"))!.Value;

    private static async Task RunAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
