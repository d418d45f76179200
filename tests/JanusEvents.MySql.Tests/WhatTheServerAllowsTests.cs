using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace JanusEvents.MySql.Tests;

/// <summary>Servers that do not allow everything: each works, or is refused with what to do about it.</summary>
public sealed class WhatTheServerAllowsTests(MariaDbFixture fixture)
{
    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_binary_log_by_statement_gets_every_event_once()
    {
        await using var server = await MariaDbServer.StartAsync("--log-bin", "--server-id=1", "--binlog-format=STATEMENT");
        var database = await server.CreateDatabaseAsync();
        await using var host = await StartAsync(database.ConnectionString);
        var body = Bodies.Of(Bodies.Session(100), Bodies.Plugin(1, "{}"));

        await host.WriteAsync(body);
        await host.WriteAsync(body, Bodies.Of(Bodies.Session(101)));

        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("100", "101");
        (await database.ValueAsync("SELECT count(*) FROM hashes")).Should().Be("2");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_limit_for_statements_does_not_hold_for_ours()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await server.QueryAsync("SET GLOBAL max_statement_time = 30");
        await using var dataSource = MySqlSources.Create(database.ConnectionString);
        await using var connection = await StoreConnection.OpenAsync(dataSource, new MySqlDialect(), CancellationToken.None);

        (await connection.NumberAsync("SELECT CAST(@@max_statement_time AS SIGNED)")).Should().Be(0);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_server_that_wants_encryption_is_refused_with_the_setting()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await server.QueryAsync("SET GLOBAL require_secure_transport = ON");
        await using var host = await StartAsync(database.ConnectionString);

        (await FailureAsync(host)).Should().Contain("require_secure_transport");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_replica_that_is_read_only_is_refused_with_the_way_out_and_takes_events_when_it_is_the_primary()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var host = await StartAsync(await AccountAsync(database, "ALL"));
        await server.QueryAsync("SET GLOBAL read_only = ON");

        var failure = await FailureAsync(host);
        await server.QueryAsync("SET GLOBAL read_only = OFF");
        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(1)));

        failure.Should().Contain("read-only").And.Contain("Connect to the primary server");
        (await database.ValueAsync("SELECT count(*) FROM rejected")).Should().Be("0");
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData("SELECT, INSERT, UPDATE, DELETE, CREATE", null)]
    [InlineData("SELECT, INSERT, UPDATE, CREATE", null)]
    [InlineData("SELECT, INSERT, UPDATE, DELETE", "CREATE")]
    [InlineData("SELECT, INSERT, DELETE, CREATE", "UPDATE")]
    [InlineData("SELECT, UPDATE, DELETE, CREATE", "INSERT")]
    [InlineData("INSERT, UPDATE, DELETE, CREATE", "SELECT")]
    public async Task An_account_without_some_right_works_or_is_told_which(string rights, string? missing)
    {
        var database = await fixture.CreateDatabaseAsync();
        await using var host = await StartAsync(await AccountAsync(database, rights));

        if (missing is null)
        {
            await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
            (await database.ValueAsync("SELECT count(*) FROM sessions")).Should().Be("1");
            return;
        }

        (await FailureAsync(host)).Should().Contain($"{missing} command denied").And.Contain("Grant the account SELECT, INSERT");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Tables_without_transactions_are_refused_and_stored_into_after_the_upgrade()
    {
        var database = await fixture.CreateDatabaseAsync();
        await database.QueryAsync("CREATE TABLE sessions (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, session BIGINT(30) NOT NULL, event VARCHAR(30) NOT NULL, timestamp datetime NOT NULL) ENGINE=MyISAM");
        await using var host = await StartAsync(database.ConnectionString);

        (await FailureAsync(host)).Should().Contain("sessions (MyISAM)").And.Contain("UpgradeSchema");
        await host.Schema.UpgradeAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        (await database.ValueAsync("SELECT count(*) FROM sessions")).Should().Be("1");
    }

    private static Task<StoreHost> StartAsync(string connectionString) => StoreHost.StartAsync(builder => builder.AddMySql(connectionString));

    private static async Task<string> FailureAsync(StoreHost host) =>
        (await host.WriteAsync(Bodies.Of(Bodies.Session(1))).AsTask().FailureAsync())!.Message;

    /// <summary>How an account with some rights on a database connects to it.</summary>
    private static async Task<string> AccountAsync(MariaDbDatabase database, string rights)
    {
        await database.Server.QueryAsync(
            $"CREATE USER {database.Name}@'127.0.0.1' IDENTIFIED BY 'p'; GRANT {rights} ON {database.Name}.* TO {database.Name}@'127.0.0.1'");
        return new MySqlConnectionStringBuilder(database.ConnectionString) { UserID = database.Name, Password = "p" }.ConnectionString;
    }
}
