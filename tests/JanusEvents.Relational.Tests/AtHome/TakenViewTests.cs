using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Relational.Tests.AtHome;

/// <summary>What has the name of a view is not the view.</summary>
public abstract class TakenViewTests(TestStores stores) : StoreTests(stores)
{
    [Theory]
    [InlineData("TABLE publishers (id INTEGER NOT NULL PRIMARY KEY, roomid BIGINT)", "TABLE subscriptions (id INTEGER NOT NULL PRIMARY KEY, feed BIGINT)", "publishers, subscriptions")]
    [InlineData("VIEW stays AS SELECT 1 AS hotel", "TABLE calls (id INTEGER)", "stays, calls")]
    public async Task Views_whose_names_are_taken_are_told_once_and_events_are_stored(string one, string other, string names)
    {
        await Store.QueryAsync($"CREATE {one}; CREATE {other}");
        var host = await StartHostAsync();

        await host.WriteAsync(Bodies.Of(RoomEvents.VideoRoom(1, "joined", "1234", "5", 6)));
        await host.WriteAsync(Bodies.Of(RoomEvents.VideoRoom(2, "published", "1234", "5", 6)));

        host.Log.From(LogLevel.Warning).Should().ContainSingle().Which.Should().Contain($"by the name of {names},").And.Contain("TablePrefix");
        (await CountAsync("plugins")).Should().Be(2);
        (await host.ReadAsync(new EventQuery { Room = "1234" })).Should().HaveCount(2);
        (await CountAsync(names.Contains("stays", StringComparison.Ordinal) ? "publishers" : "stays")).Should().Be(1);
    }

    [Fact]
    public async Task A_view_that_goes_is_made_again()
    {
        ShiftedTime time = new();
        var host = await StartHostAsync(services: services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(services, time));
        await host.WriteAsync(Bodies.Of(RoomEvents.VideoRoom(1, "joined", "1234", "5", 6)));
        await Store.QueryAsync("DROP VIEW stays");

        time.Advance(TimeSpan.FromMinutes(2));
        await host.WriteAsync(Bodies.Of(Bodies.Session(1)));

        (await CountAsync("stays")).Should().Be(1);
    }
}
