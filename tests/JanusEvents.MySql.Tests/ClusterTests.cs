using JanusEvents.Relational.Bookkeeping;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Health;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Writing;
using JanusEvents.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace JanusEvents.MySql.Tests;

/// <summary>What differs on a node of a cluster, and what one host does for all.</summary>
public sealed class ClusterTests(MariaDbFixture fixture)
{
    [TheoryNeeding(Capabilities.MariaDb)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Statements_go_one_by_one_to_a_node_of_a_cluster(bool isNode)
    {
        var server = await fixture.ServerAsync();
        var database = await server.CreateDatabaseAsync();
        await using var relay = new DatabaseRelay(server);
        var dialect = new MySqlDialect(isNode);
        await using var dataSource = MySqlSources.Create(relay.ConnectionString(database));
        await using var sink = new RelationalEventSink(
            dataSource, false, dialect, new EventStoreOptions(), new WriteLock(dialect),
            new StoreTroubles(dialect, TimeProvider.System, NullLogger<StoreTroubles>.Instance), TimeProvider.System, NullLogger<RelationalEventSink>.Instance);
        await sink.WriteAsync(new EventBatch([Bodies.Of(Bodies.Session(1))]), CancellationToken.None);

        // The one text that holds a whole batch.
        var inOneText = relay.Before("START TRANSACTION;INSERT", () => Task.CompletedTask);
        await sink.WriteAsync(new EventBatch([Bodies.Of(Bodies.Session(2), Bodies.Plugin(2, "{}"))]), CancellationToken.None);

        inOneText.IsCompleted.Should().Be(!isNode);
        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(r => r[0]).Should().Equal("1", "2");
        (await database.ValueAsync("SELECT count(*) FROM plugins")).Should().Be("1");
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Of_several_hosts_one_has_a_claim_until_it_gives_it_up_or_does_not_renew_it()
    {
        var database = await fixture.CreateDatabaseAsync();
        var dialect = new MySqlDialect();
        await using var dataSource = MySqlSources.Create(database.ConnectionString);
        await using var connection = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None);
        await SchemaCreator.CreateMissingAsync(connection, CancellationToken.None);
        Claim one = new("work");
        Claim other = new("work");

        (await one.TryTakeAsync(connection)).Should().BeTrue();
        (await other.TryTakeAsync(connection)).Should().BeFalse();
        (await one.TryTakeAsync(connection)).Should().BeTrue("it is renewed");
        (await new Claim("other work").TryTakeAsync(connection)).Should().BeTrue();
        await other.ReleaseAsync(connection);
        (await other.TryTakeAsync(connection)).Should().BeFalse("who has it not cannot give it up");

        await one.ReleaseAsync(connection);
        (await other.TryTakeAsync(connection)).Should().BeTrue();

        await database.QueryAsync("UPDATE claims SET until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
        (await one.TryTakeAsync(connection)).Should().BeTrue("its host has stopped");
        (await other.TryTakeAsync(connection)).Should().BeFalse();
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Of_hosts_that_ask_at_the_same_moment_one_gets_a_claim()
    {
        var database = await fixture.CreateDatabaseAsync();
        var dialect = new MySqlDialect();
        await using var dataSource = MySqlSources.Create(database.ConnectionString);
        await using (var connection = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None))
            await SchemaCreator.CreateMissingAsync(connection, CancellationToken.None);

        for (var round = 0; round < 20; round++)
        {
            var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
            {
                await using var connection = await StoreConnection.OpenAsync(dataSource, dialect, CancellationToken.None);
                return await new Claim($"work {round}").TryTakeAsync(connection);
            })));

            taken.Count(t => t).Should().Be(1);
        }
    }
}
