using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Relational.Tests.AtHome;

/// <summary>What was made is made again when it goes while a host runs, and numbers go on beyond all that are there.</summary>
public abstract class MadeAgainTests(TestStores stores) : StoreTests(stores)
{
    [Theory]
    [InlineData("DELETE FROM hashes; DELETE FROM sessions; DELETE FROM counters")]
    [InlineData("DROP TABLE counters")]
    [InlineData("DELETE FROM counters; UPDATE sessions SET id = 700000")]
    [InlineData("UPDATE counters SET next = 1; UPDATE sessions SET id = 700000")]
    [InlineData("DROP TABLE hashes; DROP TABLE versions; DELETE FROM claims; DROP TABLE facts; DROP TABLE rejected")]
    [InlineData("DROP TABLE sessions; DROP TABLE spools; DROP TABLE extras; DELETE FROM versions")]
    public async Task Rows_and_tables_that_go_while_a_host_runs(string sql)
    {
        // Two seconds later, the host asks whether its numbers are still the last.
        ShiftedTime time = new();
        var host = await StartHostAsync(services: services => services.AddSingleton<TimeProvider>(time));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1), RoomEvents.VideoRoom(1, "joined", "1234", "5", 6)));
        await Store.QueryAsync(sql);
        time.Advance(TimeSpan.FromSeconds(2));
        var highest = await HighestAsync();

        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(2), RoomEvents.VideoRoom(2, "joined", "1234", "6", 7), "17"));
        await host.WriteAsync(Bodies.Of(Bodies.Session(3)));

        var numbers = await ColumnAsync("SELECT id FROM sessions WHERE session IN (2, 3) ORDER BY session");
        numbers.Select(n => long.Parse(n!, System.Globalization.CultureInfo.InvariantCulture)).Should().HaveCount(2)
            .And.BeInAscendingOrder().And.OnlyContain(n => n > highest);
        (await CountAsync("rejected")).Should().Be(1);
        (await ColumnAsync("SELECT participant FROM stays WHERE participant = '6'")).Should().Equal("6");
        (await host.ReadAsync(new EventQuery { SessionId = 3 })).Should().ContainSingle();
    }

    [Fact]
    public async Task A_schema_that_is_emptied()
    {
        var host = await StartHostAsync();
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));
        await Store.EmptyAsync();

        await host.WriteUntilStoredAsync(Bodies.Of(Bodies.Session(2)));

        (await ColumnAsync("SELECT session FROM sessions")).Should().Equal("2");
        (await host.ReadAsync(new EventQuery())).Should().ContainSingle();
    }

    private async Task<long> HighestAsync()
    {
        var highest = 0L;
        foreach (var table in (await Store.TablesAsync()).Intersect(["sessions", "plugins"]))
        {
            if ((await ColumnAsync($"SELECT max(id) FROM {table}"))[0] is { } max)
                highest = Math.Max(highest, long.Parse(max, System.Globalization.CultureInfo.InvariantCulture));
        }

        return highest;
    }
}
