using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests;

/// <summary>How the tables come to be.</summary>
public abstract class TableTests(TestStores stores) : StoreTests(stores)
{
    private static readonly string[] s_tables =
    [
        "arrivals", "candidates", "claims", "connections", "core", "counters", "dtls", "external", "extras", "facts", "handles", "hashes", "ice", "media",
        "peerconnections", "plugins", "rejected", "sdps", "selectedpairs", "sessions", "slowlinks", "spools", "stats", "transports", "troubles", "unknown",
        "versions",
    ];

    [Fact]
    public async Task Tables_are_made_before_the_first_write_and_not_when_the_host_starts()
    {
        var host = await StartHostAsync();
        (await Store.TablesAsync()).Should().BeEmpty();

        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        (await Store.TablesAsync()).Should().BeEquivalentTo(s_tables);
    }

    [Fact]
    public async Task A_host_that_starts_again_finds_its_tables_and_rows()
    {
        await using (var first = await StartHostAsync())
            await first.WriteAsync(Bodies.Of(Bodies.Session(1)));

        var second = await StartHostAsync();
        await second.WriteAsync(Bodies.Of(Bodies.Session(2)));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2");
        second.Log.From(LogLevel.Information).Should().NotContain(line => line.StartsWith("Created the tables"));
    }

    [Fact]
    public async Task Several_hosts_make_the_tables_of_a_fresh_database_at_the_same_moment()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(1, 6).Select(_ => StartHostAsync()));
        using Barrier barrier = new(hosts.Length);

        await Task.WhenAll(hosts.Select((host, i) => Task.Factory.StartNew(
            async () =>
            {
                barrier.SignalAndWait();
                await host.WriteAsync(Bodies.Of(Bodies.Session(i + 1)));
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY session")).Should().Equal("1", "2", "3", "4", "5", "6");
        (await Store.TablesAsync()).Should().BeEquivalentTo(s_tables);
    }

    [Fact]
    public async Task A_table_that_is_dropped_while_running_is_made_anew_and_nothing_is_lost()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), Bodies.Plugin(1, "{}")));
        await Store.QueryAsync("DROP TABLE plugins");

        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(2), Bodies.Plugin(2, "{}"), Bodies.Session(3)));

        (await ColumnAsync("SELECT session FROM sessions ORDER BY id")).Should().Equal("1", "2", "3");
        (await ColumnAsync("SELECT session FROM plugins ORDER BY id")).Should().Equal("2");
        (await CountAsync("rejected")).Should().Be(0);
    }

    [Fact]
    public async Task Indexes_serve_the_published_queries()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        var plan = await Store.ExplainAsync("SELECT handle, plugin FROM handles WHERE session = 1 AND event = 'attached'");

        plan.Should().Contain("session_handle");
    }
}
