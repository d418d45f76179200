using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.MySql.Tests;

/// <summary>Numbers of rows, which two hosts take from one counter.</summary>
public sealed class RowNumberTests(MariaDbFixture fixture)
{
    // More than half of a block, so that the second batch needs another.
    private const int Events = 6_000;

    [FactNeeding(Capabilities.MariaDb)]
    public async Task Two_hosts_never_give_a_number_twice_when_the_commit_of_a_block_fails()
    {
        var server = await fixture.ServerAsync();
        var database = await server.CreateDatabaseAsync();
        await using var relay = new DatabaseRelay(server);
        await using var one = await StoreHost.StartAsync(builder => builder.AddMySql(relay.ConnectionString(database)));
        await using var other = await StoreHost.StartAsync(builder => builder.AddMySql(database.ConnectionString));
        await one.WriteAsync(Bodies.Of([.. Enumerable.Range(0, Events).Select(i => Bodies.Session(i))]));

        // The update of the counter is rolled back, and the other host takes the block.
        var taken = relay.CutBefore(
            "COMMIT", () => other.WriteUntilStoredAsync(Bodies.Of([.. Enumerable.Range(0, Events).Select(i => Bodies.Plugin(i, "{}"))])));
        await one.WriteUntilStoredAsync(Bodies.Of([.. Enumerable.Range(0, Events).Select(i => Bodies.Session(Events + i))]));
        await taken;

        (await database.ValueAsync("SELECT count(*) FROM sessions")).Should().Be($"{2 * Events}");
        (await database.ValueAsync("SELECT count(*) FROM plugins")).Should().Be($"{Events}");
        (await database.ValueAsync("SELECT count(*) FROM sessions s JOIN plugins p ON s.id = p.id")).Should().Be("0");
    }
}
