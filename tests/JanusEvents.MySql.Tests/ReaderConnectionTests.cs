using System.Globalization;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.MySql.Tests;

/// <summary>The connections of readings, which the driver's pool keeps.</summary>
public sealed class ReaderConnectionTests(MariaDbFixture fixture) : IClassFixture<MariaDbFixture>
{
    private static readonly EventQuery s_call = new() { SessionId = 1, HandleId = 7 };

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Readings_one_after_another_have_one_connection()
    {
        var database = await FilledAsync(await fixture.ServerAsync());
        await using var host = await StartAsync(database);
        var opened = await StatusAsync(database, "Connections");

        for (var i = 0; i < 10; i++)
            (await host.ReadAsync(s_call)).Should().HaveCount(2);

        // The questions of the test have one each.
        (await StatusAsync(database, "Connections") - opened).Should().BeInRange(1, 4);
        (await OpenAsync(database)).Should().Be(1);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Columns_are_asked_for_once_and_a_call_takes_one_way_to_the_server()
    {
        var database = await FilledAsync(await fixture.ServerAsync());
        await using var host = await StartAsync(database);
        await host.ReadAsync(s_call);
        await database.QueryAsync("SET GLOBAL general_log = 0; SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1");

        await host.ReadAsync(s_call);

        await database.QueryAsync("SET GLOBAL general_log = 0");
        var asked = (await database.QueryAsync(
            "SELECT argument FROM mysql.general_log WHERE command_type = 'Query' AND argument NOT LIKE 'SET GLOBAL%' AND argument NOT LIKE 'SELECT argument%'"))
            .Select(r => r[0]!).Where(sql => !sql.StartsWith("SET ", StringComparison.Ordinal)).ToList();
        asked.Should().OnlyContain(sql => sql.Contains("WHERE t.`session` = 1 AND t.`handle` = 7", StringComparison.Ordinal));
        asked.Should().HaveCountLessThan(16);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Readings_at_the_same_time_have_a_connection_each()
    {
        var database = await FilledAsync(await fixture.ServerAsync());
        await using var host = await StartAsync(database);
        var store = host.Services.GetRequiredService<IEventStore>();
        await host.ReadAsync(s_call);

        await using (var one = store.ReadAsync(s_call).GetAsyncEnumerator())
        await using (var other = store.ReadAsync(s_call).GetAsyncEnumerator())
        {
            (await one.MoveNextAsync()).Should().BeTrue();
            (await other.MoveNextAsync()).Should().BeTrue();
            (await OpenAsync(database)).Should().Be(2);
            other.Current.Json.ToString().Should().Be(one.Current.Json.ToString());
        }
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task The_connection_is_closed_with_the_store()
    {
        var database = await FilledAsync(await fixture.ServerAsync());
        await using (var host = await StartAsync(database))
        {
            await host.ReadAsync(s_call);
            (await OpenAsync(database)).Should().Be(1);
        }

        await Wait.UntilAsync(async () => await OpenAsync(database) == 0, Wait.Limit, "the connection to be closed");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_connection_that_was_killed_or_whose_server_was_started_anew_is_replaced()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await FilledAsync(server);
        await using var host = await StartAsync(database);
        (await host.ReadAsync(s_call)).Should().HaveCount(2);

        await database.QueryAsync($"KILL {await database.ValueAsync(Connections(database, "id"))}");
        (await host.ReadAsync(s_call)).Should().HaveCount(2);
        await server.KillAsync();
        (await host.ReadAsync(s_call).FailureAsync()).Should().NotBeNull();
        await server.StartAgainAsync();
        (await host.ReadAsync(s_call)).Should().HaveCount(2);
        await server.StopAsync();
        await server.StartAgainAsync();
        (await host.ReadAsync(s_call)).Should().HaveCount(2);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_server_that_does_not_commit_by_itself_shows_what_was_stored_since()
    {
        await using var server = await MariaDbServer.StartAsync("--autocommit=0", "--transaction-isolation=REPEATABLE-READ");
        var database = await server.CreateDatabaseAsync();
        await using var host = await StartAsync(database);
        for (var i = 1; i < 4; i++)
        {
            await host.WriteAsync(Bodies.Of(Bodies.Session(i)));

            (await host.ReadAsync(new EventQuery())).Should().HaveCount(i);
        }

        (await database.ValueAsync("SELECT count(*) FROM information_schema.innodb_trx")).Should().Be("0");
    }

    private static async Task<MariaDbDatabase> FilledAsync(DatabaseServer server)
    {
        var database = await server.CreateDatabaseAsync();
        await using var host = await StartAsync(database);
        await host.WriteAsync(Bodies.Of(
            Bodies.Session(1),
            Bodies.Event(32, $"\"subtype\":1,{Bodies.OfHandle(1)}", "\"media\":\"audio\",\"receiving\":true"),
            Bodies.Event(16, $"\"subtype\":5,{Bodies.OfHandle(1)}", "\"dtls\":\"connected\"")));
        return database;
    }

    private static Task<StoreHost> StartAsync(MariaDbDatabase database) =>
        StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));

    private static async Task<long> StatusAsync(MariaDbDatabase database, string name) =>
        long.Parse((await database.QueryAsync($"SHOW GLOBAL STATUS LIKE '{name}'"))[0][1]!, CultureInfo.InvariantCulture);

    private static async Task<long> OpenAsync(MariaDbDatabase database) =>
        long.Parse((await database.ValueAsync(Connections(database, "count(*)")))!, CultureInfo.InvariantCulture);

    /// <summary>About the connections of hosts to a database: a test asks as root.</summary>
    private static string Connections(MariaDbDatabase database, string what) =>
        $"SELECT {what} FROM information_schema.processlist WHERE db = '{database.Name}' AND user = 'janus'";
}
