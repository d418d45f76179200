using System.Diagnostics;
using System.Net.Sockets;

namespace JanusEvents.Testing.Tests;

public sealed class MariaDbServerTests(MariaDbFixture fixture) : IClassFixture<MariaDbFixture>
{
    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_private_MariaDB_starts_and_stops()
    {
        int id;
        await using (var server = await MariaDbServer.StartAsync())
        {
            id = server.ProcessId;
            (await server.QueryAsync("SELECT @@port, @@innodb_flush_log_at_trx_commit"))
                .Should().ContainSingle().Which.Should().Equal($"{server.Port}", "1");
            await server.StopAsync();
        }

        Process.GetProcesses().Should().NotContain(p => p.Id == id);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_killed_MariaDB_starts_again_on_its_data_and_port()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await database.QueryAsync("CREATE TABLE t (a INT); INSERT INTO t VALUES (42)");
        var connectionString = database.ConnectionString;

        await server.KillAsync();
        (await Connects(server)).Should().BeFalse();
        await server.StartAgainAsync();

        (await database.ValueAsync("SELECT a FROM t")).Should().Be("42");
        (await Connects(server)).Should().BeTrue();
        database.ConnectionString.Should().Be(connectionString);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_frozen_MariaDB_answers_when_it_is_thawed()
    {
        await using var server = await MariaDbServer.StartAsync();

        server.Freeze();
        await Wait.UntilAsync(
            () => File.ReadAllText($"/proc/{server.ProcessId}/status").Contains("State:\tT", StringComparison.Ordinal),
            Wait.Limit,
            "the server to stand still");
        var answer = server.QueryAsync("SELECT 1");
        answer.IsCompleted.Should().BeFalse();
        server.Thaw();

        (await answer).Should().ContainSingle().Which.Should().Equal("1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task More_arguments_reach_the_server()
    {
        await using var server = await MariaDbServer.StartAsync("--sql-mode=", "--default-time-zone=+05:30");

        (await server.QueryAsync("SELECT @@sql_mode, @@time_zone"))
            .Should().ContainSingle().Which.Should().Equal("", "+05:30");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Rows_come_back_as_they_were_written()
    {
        var database = await fixture.CreateDatabaseAsync();
        await database.QueryAsync("CREATE TABLE t (a TEXT, b TEXT)");
        await database.QueryAsync(@"INSERT INTO t VALUES ('v=0\r\no=- ✓\r\n', NULL), ('tab\tbackslash\\n', '')");

        (await database.QueryAsync("SELECT * FROM t")).Should().BeEquivalentTo(
            new string?[][] { ["v=0\r\no=- ✓\r\n", null], ["tab\tbackslash\\n", ""] },
            o => o.WithStrictOrdering());
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Each_database_of_a_server_is_its_own()
    {
        var one = await fixture.CreateDatabaseAsync();
        var other = await fixture.CreateDatabaseAsync();
        await one.QueryAsync("CREATE TABLE t (a INT)");

        (await other.QueryAsync("SHOW TABLES")).Should().BeEmpty();
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task The_user_of_the_connection_string_may_log_in_over_TCP()
    {
        var server = await fixture.ServerAsync();
        var parts = server.ConnectionString("mysql").Split(';').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);

        var rows = await ChildProcess.RunAsync(
            [
                "mariadb", "--no-defaults", "--protocol=tcp", $"--host={parts["Server"]}", $"--port={parts["Port"]}",
                $"--user={parts["User ID"]}", $"--password={parts["Password"]}", "--batch", "--skip-column-names",
                "--execute=SELECT USER()", parts["Database"],
            ],
            Wait.Limit);

        rows.Should().Equal("janus@127.0.0.1");
    }

    private static async Task<bool> Connects(MariaDbServer server)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", server.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
