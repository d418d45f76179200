using System.Data.Common;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

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
        var onAnOpenConnection = await FailureAsync(host, body);
        var onANewConnection = await FailureAsync(host, body);
        server.Thaw();
        await host.WriteUntilStoredAsync(body);

        // The driver's own limit, or a second later ours: which of the two is seen depends on the machine.
        onAnOpenConnection.Should().Match(f => f is TimeoutException || f is DbException);
        onANewConnection!.Message.Should().StartWith("The database 127.0.0.1 cannot be opened: ");
        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("1", "2");
        (await database.ValueAsync("SELECT count(*) FROM plugins")).Should().Be("1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_host_stops_while_the_server_is_frozen()
    {
        await using var server = await MariaDbServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        var host = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        server.Freeze();
        await host.DisposeAsync().AsTask().WaitAsync(Wait.Limit);
    }

    private static Task<Exception?> FailureAsync(StoreHost host, ReceivedBody body) =>
        host.WriteAsync(body).AsTask().FailureAsync().WaitAsync(Wait.Limit);
}
