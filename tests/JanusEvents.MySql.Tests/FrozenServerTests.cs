using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace JanusEvents.MySql.Tests;

/// <summary>A server that stands still: connections stay open and nothing is answered.</summary>
public sealed class FrozenServerTests
{
    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_frozen_server_holds_a_write_for_seconds_only_and_the_batch_is_stored_once_afterwards()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        var body = Bodies.Of(Bodies.Session(2), Bodies.Plugin(2, "{}"));

        server.Freeze();
        var onAnOpenConnection = await FailureInTimeAsync(host, body);
        var onANewConnection = await FailureInTimeAsync(host, body);
        server.Thaw();
        await host.WriteUntilStoredAsync(body);

        // The driver's own limit, or a second later ours: which of the two is seen depends on the machine.
        onAnOpenConnection.Should().Match(f => f is TimeoutException || f is MySqlException);
        onANewConnection!.Message.Should().StartWith("The database 127.0.0.1 cannot be opened: ");
        await ShouldHaveOnceAsync(database, "1", "2");
        (await database.ValueAsync("SELECT count(*) FROM plugins")).Should().Be("1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_server_that_freezes_while_a_large_statement_is_being_sent_holds_a_write_for_seconds_only()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var relay = new DatabaseRelay(server);
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(relay.ConnectionString(database)));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), External(10)));
        var body = Bodies.Of(Bodies.Session(2), External(8_000_000));

        // The driver has no limit for sending; what it sends stays in the buffers of the sockets, which are smaller.
        var frozen = relay.Before("xxxxxxxxxxxxxxxx", () => FreezeAsync(server));
        var failure = await FailureInTimeAsync(host, body);
        await frozen;
        server.Thaw();
        await host.WriteUntilStoredAsync(body);

        // Ours, unless the machine was so slow that the driver had sent everything.
        failure.Should().Match(f => f is TimeoutException || f is MySqlException);
        await ShouldHaveOnceAsync(database, "1", "2");
        (await database.QueryAsync("SELECT length(event) FROM external ORDER BY id")).Select(r => r[0]).Should().Equal("12", "8000002");
    }

    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData("\u0016INSERT INTO `stats`")] // COM_STMT_PREPARE
    [InlineData("COMMIT;")]
    public async Task A_server_that_freezes_at_a_statement_holds_a_write_for_seconds_only(string statement)
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var relay = new DatabaseRelay(server);
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(relay.ConnectionString(database)));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        // So many that they are a prepared statement, and the COMMIT is sent by itself.
        var body = Bodies.Of([Bodies.Session(2), .. Enumerable.Range(0, 400).Select(Statistics)]);
        var frozen = relay.Before(statement, () => FreezeAsync(server));
        var failure = await FailureInTimeAsync(host, body);
        await frozen;
        server.Thaw();
        await host.WriteUntilStoredAsync(body);

        failure.Should().Match(f => f is TimeoutException || f is MySqlException);
        await ShouldHaveOnceAsync(database, "1", "2");
        (await database.ValueAsync("SELECT count(*) FROM stats")).Should().Be("400");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_connection_that_opens_after_it_was_given_up_is_closed_and_keeps_nothing_from_others()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var dataSource = new MySqlDataSource($"{database.ConnectionString};ConnectionTimeout=300");
        server.Freeze();
        await using var host = await StoreHost.StartAsync(builder => builder.AddMySql(dataSource, options => options.Retention.KeepDays = 1));

        var failure = await FailureInTimeAsync(host, Bodies.Of(Bodies.Session(1)));
        await Wait.UntilAsync(
            () => host.Log.From(LogLevel.Warning).Any(line => line.Contains("Old rows", StringComparison.Ordinal)), Wait.Limit, "retention to give up");
        server.Thaw();

        failure!.Message.Should().StartWith("The database 127.0.0.1 cannot be opened: ");
        await Wait.UntilAsync(
            async () => await database.ValueAsync("SELECT count(*) FROM information_schema.processlist WHERE user = 'janus'") == "0",
            Wait.Limit,
            "both connections to be closed");
        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(1)));
        await ShouldHaveOnceAsync(database, "1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_host_stops_while_the_server_is_frozen()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        server.Freeze();
        var stopping = host.DisposeAsync().AsTask();
        await stopping.WaitAsync(Wait.Limit);
        server.Thaw();
    }

    private static string External(int length) => Bodies.Event(4, "\"session_id\":1", $"\"schema\":\"s\",\"data\":\"{new string('x', length)}\"");

    private static string Statistics(int i) => Bodies.Event(32, $"\"subtype\":3,{Bodies.OfHandle(2)}", $"\"media\":\"audio\",\"lost\":{i}");

    private static Task FreezeAsync(DatabaseServer server)
    {
        server.Freeze();
        return Task.CompletedTask;
    }

    private static async Task<Exception?> FailureInTimeAsync(StoreHost host, ReceivedBody body)
    {
        var writing = host.WriteAsync(body).AsTask();
        await writing.WaitAsync(Wait.Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        writing.IsCompleted.Should().BeTrue("a write ends in time");
        return await writing.FailureAsync();
    }

    private static async Task ShouldHaveOnceAsync(MariaDbDatabase database, params string[] sessions) =>
        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal(sessions);
}
